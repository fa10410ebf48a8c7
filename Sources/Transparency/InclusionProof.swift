/// The proof that an entry is in a tree (RFC 6962 §2.1.1). This is the checking side: it shares no arithmetic with
/// ``ProofPlan``, which makes proofs.
public struct InclusionProof: Sendable, Hashable {
    /// The entry's place.
    public let index: LeafIndex
    /// The tree's size.
    public let size: TreeSize
    /// The siblings on the way from the leaf to the root, lowest first.
    public let path: [MerkleHash]

    /// Takes a proof as made or received; nothing is checked yet.
    public init(index: LeafIndex, size: TreeSize, path: [MerkleHash]) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// Returns when the proof leads from `leafHash` to `root` (RFC 9162 §2.1.3.2); throws `.indexOutsideTree` or
    /// `.inclusionNotProven` otherwise.
    public func verify(leafHash: MerkleHash, root: MerkleHash) throws(TransparencyError) {
        guard size.contains(index) else { throw .indexOutsideTree(index: index, size: size) }
        var node = index.value
        var last = size.value - 1
        var hash = leafHash
        for sibling in path {
            guard last > 0 else { throw .inclusionNotProven }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                // A rightmost node without a sibling moves up as it is.
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0, hash == root else { throw .inclusionNotProven }
    }
}
