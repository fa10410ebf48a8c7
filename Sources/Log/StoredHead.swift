public import Transparency

/// A tree head together with the signed checkpoint that says the same.
public struct StoredHead: Sendable, Hashable {
    /// Size, root and time of the tree.
    public let tree: TreeHead
    /// The signed checkpoint, byte for byte as it is served (C2SP tlog-checkpoint).
    public let checkpoint: [UInt8]

    /// Puts the parts together; that they agree is checked by whoever reads a store.
    public init(tree: TreeHead, checkpoint: [UInt8]) {
        self.tree = tree
        self.checkpoint = checkpoint
    }
}
