public import Keys

/// The hash of a leaf, of an inner node or of a whole tree (RFC 6962 §2.1): a type of its own, so that the digest
/// of a certificate cannot be taken for a place in the tree.
public struct MerkleHash: Sendable, Hashable {
    /// How many bytes a hash has.
    public static let byteCount = SHA256Digest.byteCount

    /// The SHA-256 digest.
    public let digest: SHA256Digest

    /// Takes a digest that was computed as RFC 6962 §2.1 says.
    public init(_ digest: SHA256Digest) {
        self.digest = digest
    }

    /// Takes a hash as received or stored; nil unless it is 32 bytes long.
    public init?(bytes: [UInt8]) {
        guard let digest = SHA256Digest(bytes: bytes) else { return nil }
        self.digest = digest
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { digest.bytes }
}

extension MerkleHash: CustomStringConvertible {
    /// Lower-case hexadecimal.
    public var description: String { digest.hex }
}
