/// A request for a timestamp of a SHA-256 digest.
///
/// ```
/// TimeStampReq ::= SEQUENCE { version INTEGER { v1(1) }, messageImprint SEQUENCE { hashAlgorithm, hashedMessage },
///   reqPolicy OPTIONAL, nonce OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions OPTIONAL }        RFC 3161 §2.4.1
/// ```
/// Without a nonce: the digest is of a signature that was just made, so no older timestamp is of it. Without the
/// authority's certificate, which the trusted root has.
enum TimestampQuery {
    /// Version 1, and an imprint by SHA-256 with its NULL parameters, up to the 32 bytes of the digest.
    private static let prefix: [UInt8] = [
        0x30, 0x36, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
        0x02,
        0x01, 0x05, 0x00, 0x04, 0x20,
    ]

    /// The DER for a digest of 32 bytes.
    static func der(sha256 digest: [UInt8]) -> [UInt8] { prefix + digest }
}
