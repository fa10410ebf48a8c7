/// The proof that one tree is a prefix of another (RFC 6962 §2.1.2). This is the checking side: it shares no
/// arithmetic with ``ProofPlan``, which makes proofs.
public struct ConsistencyProof: Sendable, Hashable {
    /// The older tree's size.
    public let from: TreeSize
    /// The newer tree's size.
    public let to: TreeSize
    /// The hashes, in the order of RFC 6962 §2.1.2.
    public let path: [MerkleHash]

    /// Takes a proof as made or received; nothing is checked yet.
    public init(from: TreeSize, to: TreeSize, path: [MerkleHash]) {
        self.from = from
        self.to = to
        self.path = path
    }

    /// Returns when the proof leads to both roots (RFC 9162 §2.1.4.2); throws `.treeShrinks` or
    /// `.consistencyNotProven` otherwise. The empty tree is a prefix of every tree and needs no hashes.
    public func verify(oldRoot: MerkleHash, newRoot: MerkleHash) throws(TransparencyError) {
        guard from <= to else { throw .treeShrinks(from: from, to: to) }
        if from == to || from == .empty {
            let known = from == to ? newRoot : MerkleTree.emptyRoot
            guard path.isEmpty, oldRoot == known else { throw .consistencyNotProven }
            return
        }
        var siblings = path[...]
        // A perfect old tree is itself the first hash, and is left out of the proof.
        let isPerfect = from.value & (from.value - 1) == 0
        guard let first = isPerfect ? oldRoot : siblings.popFirst() else { throw .consistencyNotProven }
        var node = from.value - 1
        var last = to.value - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var oldHash = first
        var newHash = first
        for sibling in siblings {
            guard last > 0 else { throw .consistencyNotProven }
            if node & 1 == 1 || node == last {
                oldHash = MerkleTree.nodeHash(sibling, oldHash)
                newHash = MerkleTree.nodeHash(sibling, newHash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newHash = MerkleTree.nodeHash(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0, oldHash == oldRoot, newHash == newRoot else { throw .consistencyNotProven }
    }
}
