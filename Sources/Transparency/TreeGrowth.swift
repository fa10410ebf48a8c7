/// A batch of new leaves on a tree, with every inner node that they made: inclusion proofs of the new leaves without
/// reading a tile. Build side only, as ``TreeEdge``.
///
/// `levels[h]` holds the nodes of height h from index `starts[h]` on: those above new leaves, and at the left one old
/// subtree where a new node needs it as its sibling. An odd one at the right end stands in the next level as it is.
public struct TreeGrowth: Sendable {
    /// The size with the new leaves.
    public let size: TreeSize
    private let first: LeafIndex
    private var starts: [UInt64]
    private var levels: [[MerkleHash]]

    /// Computes the nodes: one hash for each new leaf, and one for each level. Throws `.tooLarge(.treeHead)` when the
    /// size would leave 64 bits.
    public init(on edge: TreeEdge, leaves: [MerkleHash]) throws(TransparencyError) {
        guard let size = edge.size.growing(by: leaves.count) else { throw .tooLarge(.treeHead) }
        self.size = size
        first = LeafIndex(after: edge.size)
        starts = []
        levels = []
        var start = edge.size.value
        var nodes = leaves
        while !nodes.isEmpty {
            // An odd start has its left sibling in the old tree, as the subtree of this height at its edge.
            if start & 1 == 1, let left = edge.subtree(height: levels.count) {
                nodes.insert(left, at: 0)
                start -= 1
            }
            starts.append(start)
            levels.append(nodes)
            if start == 0, nodes.count == 1 { break }
            var next: [MerkleHash] = []
            next.reserveCapacity((nodes.count + 1) / 2)
            for left in stride(from: 0, to: nodes.count, by: 2) {
                next.append(left + 1 < nodes.count ? MerkleTree.nodeHash(nodes[left], nodes[left + 1]) : nodes[left])
            }
            start >>= 1
            nodes = next
        }
    }

    /// The root of the grown tree; nil when no leaf was added.
    public var root: MerkleHash? { levels.last?.first }

    /// The proof that a new leaf is in the grown tree. Throws `.indexOutsideTree` for any other.
    public func inclusionProof(of index: LeafIndex) throws(TransparencyError) -> InclusionProof {
        guard index >= first, size.contains(index) else { throw .indexOutsideTree(index: index, size: size) }
        var path: [MerkleHash] = []
        var node = index.value
        for (start, nodes) in zip(starts, levels) {
            let sibling = node ^ 1
            if sibling >= start, sibling - start < UInt64(nodes.count) { path.append(nodes[Int(sibling - start)]) }
            node >>= 1
        }
        return InclusionProof(index: index, size: size, path: path)
    }
}
