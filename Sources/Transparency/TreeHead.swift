import Wire

/// What a log says its tree is (RFC 6962 §3.5).
public struct TreeHead: Sendable, Hashable {
    /// How many entries.
    public let size: TreeSize
    /// The Merkle Tree Hash over them.
    public let root: MerkleHash
    /// When the log said so; at or after the newest entry's.
    public let timestamp: EntryTimestamp

    /// Puts the parts together.
    public init(size: TreeSize, root: MerkleHash, timestamp: EntryTimestamp) {
        self.size = size
        self.root = root
        self.timestamp = timestamp
    }

    /// The bytes that the log signs.
    ///
    /// ```
    /// digitally-signed struct {                 RFC 6962 §3.5
    ///     Version version;                      v1(0)
    ///     SignatureType signature_type;         tree_hash(1)
    ///     uint64 timestamp;
    ///     uint64 tree_size;
    ///     opaque sha256_root_hash[32];
    /// } TreeHeadSignature;
    /// ```
    var signedData: [UInt8] {
        var writer = TLSWriter()
        writer.bytes([0, 1])
        writer.u64(timestamp.milliseconds)
        writer.u64(size.value)
        writer.bytes(root.bytes)
        return writer.bytes
    }
}
