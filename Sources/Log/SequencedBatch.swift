import Synchronization
import Transparency

/// What the entries of one batch share: enough to prove each of them without reading the store. The inner nodes are
/// computed when the first of them is asked for, off the writer's thread.
final class SequencedBatch: Sendable {
    private let base: TreeEdge
    private let leaves: [MerkleHash]
    private let checkpoint: [UInt8]
    private let growth = Mutex<TreeGrowth?>(nil)

    init(base: TreeEdge, leaves: [MerkleHash], checkpoint: [UInt8]) {
        self.base = base
        self.leaves = leaves
        self.checkpoint = checkpoint
    }

    /// The proof of one of the entries in the batch's tree, and the checkpoint of that tree.
    func inclusion(of index: LeafIndex) -> (proof: InclusionProof, checkpoint: [UInt8])? {
        let growth = growth.withLock { growth in
            if growth == nil { growth = try? TreeGrowth(on: base, leaves: leaves) }
            return growth
        }
        guard let proof = try? growth?.inclusionProof(of: index) else { return nil }
        return (proof, checkpoint)
    }
}
