public import Transparency

/// The place of an entry that is durable and covered by a stored, signed checkpoint. Only a ``Sequencer`` makes one.
public struct SequencedEntry: Sendable, Hashable {
    /// The entry's place.
    public let index: LeafIndex
    /// The entry's time; never before an earlier entry's.
    public let timestamp: EntryTimestamp
    /// The hash of the leaf (RFC 6962 §2.1).
    public let leafHash: MerkleHash
    /// Which use of its key the entry is, counted from 1; nil when it came without one.
    public let use: Int?

    /// For the sequencer.
    init(index: LeafIndex, timestamp: EntryTimestamp, leafHash: MerkleHash, use: Int?) {
        self.index = index
        self.timestamp = timestamp
        self.leafHash = leafHash
        self.use = use
    }
}
