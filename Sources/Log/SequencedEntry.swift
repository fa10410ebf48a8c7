public import Transparency

/// The place of an entry that is durable and covered by a stored, signed checkpoint. Only a ``Sequencer`` makes one.
public struct SequencedEntry: Sendable {
    /// The entry's place.
    public let index: LeafIndex
    /// The entry's time; never before an earlier entry's.
    public let timestamp: EntryTimestamp
    /// The hash of the leaf (RFC 6962 §2.1).
    public let leafHash: MerkleHash
    /// Which use of its key the entry is, counted from 1; nil when it came without one.
    public let use: Int?
    /// The batch it came with; set by the sequencer once the batch is whole.
    var batch: SequencedBatch?

    /// For the sequencer.
    init(index: LeafIndex, timestamp: EntryTimestamp, leafHash: MerkleHash, use: Int?) {
        self.index = index
        self.timestamp = timestamp
        self.leafHash = leafHash
        self.use = use
    }

    /// The proof that the entry is in the tree of the checkpoint that first covered it, and that checkpoint. Computed
    /// from memory; one hash, about a microsecond, for each entry of the batch.
    public func inclusion() -> (proof: InclusionProof, checkpoint: [UInt8])? {
        batch?.inclusion(of: index)
    }
}

extension SequencedEntry: Hashable {
    /// The batch says nothing that the rest doesn't.
    public static func == (left: SequencedEntry, right: SequencedEntry) -> Bool {
        left.index == right.index && left.timestamp == right.timestamp && left.leafHash == right.leafHash
            && left.use == right.use
    }

    /// As `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(index)
        hasher.combine(leafHash)
    }
}
