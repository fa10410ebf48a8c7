import Keys
import Wire

/// A certificate's serial number: positive, at most 20 octets in DER (RFC 5280 §4.1.2.2).
public struct SerialNumber: Sendable, Hashable {
    /// The number, big-endian without leading zero octets: 1…20 octets, the top bit of a 20-octet number is clear.
    public let bytes: [UInt8]

    /// The largest number of octets of a serial number.
    public static let byteCountMax = 20

    /// Takes a big-endian number; leading zero octets do not matter.
    ///
    /// Throws ``CertificatesError/serialNumberInvalid`` if it is zero or would need more than 20 octets in DER.
    public init(bytes: [UInt8]) throws(CertificatesError) {
        let number = bytes.drop { $0 == 0 }
        guard let first = number.first,
            number.count < Self.byteCountMax || (number.count == Self.byteCountMax && first < 0x80)
        else { throw .serialNumberInvalid }
        self.bytes = Array(number)
    }

    /// Draws 20 octets and clears the top bit: 159 random bits, so it cannot be guessed or met twice.
    ///
    /// Throws ``CertificatesError/key(_:)`` if there is no randomness.
    public static func random() throws(CertificatesError) -> SerialNumber {
        var octets = try CertificatesError.keys { () throws(KeysError) in try Randomness.bytes(byteCountMax) }
        octets[0] &= 0x7F
        return try SerialNumber(bytes: octets)
    }

    /// Lower-case hexadecimal digits, as `openssl x509 -serial` prints them but for the case.
    public var hex: String {
        Hexadecimal.encode(bytes)
    }
}
