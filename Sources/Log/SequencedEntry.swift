public import Transparency

/// The place of an entry that is durable and covered by a stored, signed checkpoint. Only a ``Sequencer`` makes one.
public struct SequencedEntry: Sendable, Hashable {
    /// The entry's place.
    public let index: LeafIndex
    /// The entry's time; never before an earlier entry's.
    public let timestamp: EntryTimestamp
    /// The hash of the leaf (RFC 6962 §2.1).
    public let leafHash: MerkleHash

    /// For the sequencer.
    init(index: LeafIndex, timestamp: EntryTimestamp, leafHash: MerkleHash) {
        self.index = index
        self.timestamp = timestamp
        self.leafHash = leafHash
    }
}
