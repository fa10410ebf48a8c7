import Keys

/// What an entry is found by besides its place and its leaf hash: 16 bytes of the SHA-256 of a text, which whoever makes
/// the entry chooses. Half of a hash, for there are several to an entry: two texts with one key take 2^64 tries to find, and
/// would show an entry too many.
public struct SearchKey: Sendable, Hashable {
    /// Bytes in a key.
    public static let byteCount = 16

    /// The bytes.
    public let bytes: [UInt8]

    /// The key of a text; another letter case is another key.
    public init(_ text: String) {
        bytes = Array(SHA256Digest(hashing: Array(text.utf8)).bytes.prefix(Self.byteCount))
    }
}
