import COpenSSL
import Wire

/// A SHA-256 hash (FIPS 180-4).
public struct SHA256Digest: Sendable, Hashable {
    /// Bytes in a hash.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Hashes a message.
    public init(hashing message: [UInt8]) {
        bytes = DigestAlgorithm.sha256.digest(message)
    }

    /// Hashes the concatenation of the parts.
    public init(hashing parts: [[UInt8]]) {
        self.init(hashing: Array(parts.joined()))
    }

    /// Takes a hash that was received; nil unless it has 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The first eight bytes, for a table: of a hash they are as good as all, and an array would give them one by one.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(8))) }
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        Hexadecimal.encode(bytes)
    }
}
