/// The few DER elements that are put together by hand because no OpenSSL call makes them from what is known here.
enum DEREncoding {
    /// Identifier octets (X.690 §8.1.2).
    enum Tag: UInt8 {
        case bitString = 0x03
        case octetString = 0x04
        case utf8String = 0x0C
        case sequence = 0x30
        /// `[0]` IMPLICIT, primitive.
        case context0Primitive = 0x80
        /// `[1]` IMPLICIT, primitive.
        case context1Primitive = 0x81
        /// `[6]` IMPLICIT, primitive.
        case context6Primitive = 0x86
        /// `[0]`, constructed.
        case context0 = 0xA0
    }

    /// One element with definite length in the fewest octets (X.690 §10.1).
    static func element(_ tag: Tag, _ parts: [UInt8]...) -> [UInt8] {
        let count = parts.reduce(0) { $0 + $1.count }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 6)
        bytes.append(tag.rawValue)
        if count < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: count))
        } else {
            let octets = (count.bitWidth - count.leadingZeroBitCount + 7) / 8
            bytes.append(0x80 | UInt8(truncatingIfNeeded: octets))
            for index in stride(from: octets - 1, through: 0, by: -1) {
                bytes.append(UInt8(truncatingIfNeeded: count >> (8 * index)))
            }
        }
        for part in parts { bytes.append(contentsOf: part) }
        return bytes
    }
}
