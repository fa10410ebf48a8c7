public import Transparency

/// An entry as the log serves it, with its place and its hash in the tree.
public struct LoggedEntry: Sendable {
    /// The place.
    public let index: LeafIndex
    /// What is there.
    public let leaf: TileLeaf
    /// Its leaf hash, recomputed.
    public let hash: MerkleHash

    /// Puts the parts together.
    public init(index: LeafIndex, leaf: TileLeaf, hash: MerkleHash) {
        self.index = index
        self.leaf = leaf
        self.hash = hash
    }
}
