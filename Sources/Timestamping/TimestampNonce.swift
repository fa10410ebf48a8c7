import COpenSSL
import Keys

/// The number that a client puts into a request to know the answer again (RFC 3161 §2.4.1).
public struct TimestampNonce: Sendable, Hashable {
    /// The DER of the INTEGER.
    let der: [UInt8]

    /// A number of 64 random bits. Throws ``TimestampingError/key(_:)`` when there is no entropy.
    public static func random() throws(TimestampingError) -> TimestampNonce {
        do {
            // Positive and of eight octets whatever was drawn, so in the fewest octets too.
            var octets = try Randomness.bytes(8)
            octets[0] = octets[0] & 0x7F | 0x40
            return TimestampNonce(der: [0x02, 8] + octets)
        } catch {
            throw .key(error)
        }
    }

    /// Reads a decimal number of any size, which the caller bounds; nil for anything else.
    init?(decimal: String) {
        let digits = decimal.utf8.first == UInt8(ascii: "-") ? decimal.utf8.dropFirst() : decimal.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        var number: OpaquePointer?
        guard BN_dec2bn(&number, decimal) > 0, let number else {
            ERR_clear_error()
            return nil
        }
        defer { BN_free(number) }
        guard let integer = BN_to_ASN1_INTEGER(number, nil) else {
            ERR_clear_error()
            return nil
        }
        defer { ASN1_INTEGER_free(integer) }
        guard let nonce = try? TimestampNonce(integer) else { return nil }
        self = nonce
    }

    private init(der: [UInt8]) { self.der = der }

    /// Copies an INTEGER. Throws ``TimestampingError/openSSL(operation:reasons:)``.
    init(_ integer: UnsafePointer<ASN1_INTEGER>) throws(TimestampingError) {
        guard let der = OpenSSL.bytes({ i2d_ASN1_INTEGER(integer, $0) }) else { throw .failure("read a nonce") }
        self.der = der
    }

    /// Lends the INTEGER to OpenSSL.
    func withInteger(
        _ body: (UnsafePointer<ASN1_INTEGER>) throws(TimestampingError) -> Void
    ) throws(TimestampingError) {
        let integer = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_ASN1_INTEGER(nil, &position, buffer.count)
        }
        guard let integer else { throw .failure("write a nonce") }
        defer { ASN1_INTEGER_free(integer) }
        try body(integer)
    }
}
