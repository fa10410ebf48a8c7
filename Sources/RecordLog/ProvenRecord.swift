public import Transparency

/// An entry with the proof that the log has it, all of one tree.
public struct ProvenRecord: Sendable, Hashable {
    /// The entry.
    public let record: LoggedRecord
    /// The way from the entry to the root.
    public let proof: InclusionProof
    /// The root of the tree.
    public let root: MerkleHash
    /// The signed checkpoint of the tree, as it is served.
    public let checkpoint: [UInt8]

    /// Puts the parts together; the root is what the checkpoint says. Throws `.malformed`, and `.indexOutsideTree` when
    /// the proof is of a tree of another size.
    init(_ record: LoggedRecord, proof: InclusionProof, checkpoint: [UInt8]) throws(TransparencyError) {
        let said = try Checkpoint(text: try SignedNote(encoded: checkpoint).text)
        guard said.size == proof.size, proof.index == record.index else {
            throw .indexOutsideTree(index: record.index, size: said.size)
        }
        self.record = record
        self.proof = proof
        root = said.root
        self.checkpoint = checkpoint
    }
}
