public import Keys

/// Who a log is: the SHA-256 hash of its public key's SubjectPublicKeyInfo (RFC 6962 §3.2).
public struct LogID: Sendable, Hashable {
    /// How many bytes an identity has.
    public static let byteCount = SHA256Digest.byteCount

    /// The 32 bytes.
    public let digest: SHA256Digest

    /// The identity of the log that signs with `key`.
    public init(of key: PublicKey) {
        digest = key.sha256
    }

    /// Takes an identity as received; nil unless it is 32 bytes long.
    public init?(bytes: [UInt8]) {
        guard let digest = SHA256Digest(bytes: bytes) else { return nil }
        self.digest = digest
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { digest.bytes }
}
