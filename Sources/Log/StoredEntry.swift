public import Transparency

/// An entry as a store keeps it.
public struct StoredEntry: Sendable, Hashable {
    /// The entry's place.
    public let index: LeafIndex
    /// The entry's time.
    public let timestamp: EntryTimestamp
    /// The hash of the leaf (RFC 6962 §2.1).
    public let leafHash: MerkleHash
    /// The leaf's stored form, see ``LogLeaf/stored``.
    public let stored: [UInt8]

    /// Puts the parts together.
    public init(index: LeafIndex, timestamp: EntryTimestamp, leafHash: MerkleHash, stored: [UInt8]) {
        self.index = index
        self.timestamp = timestamp
        self.leafHash = leafHash
        self.stored = stored
    }
}
