public import Transparency
import Wire

/// How Rekor v1 names an entry, its "UUID": the tree, which may be left out in a question, and the leaf hash.
public struct EntryID: Sendable, Hashable {
    /// The tree; nil for the one that is asked.
    public let tree: TreeID?
    /// The hash of the leaf (RFC 6962 §2.1).
    public let leafHash: MerkleHash

    /// Names an entry by its leaf hash alone.
    init(leafHash: MerkleHash) {
        tree = nil
        self.leafHash = leafHash
    }

    /// Names an entry of a tree.
    public init(tree: TreeID, leafHash: MerkleHash) {
        self.tree = tree
        self.leafHash = leafHash
    }

    /// Reads 64 hexadecimal digits, of the leaf hash, or 80, of the tree and the leaf hash; nil for anything else.
    public init?(text: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(text.utf8),
            let hash = MerkleHash(bytes: Array(bytes.suffix(MerkleHash.byteCount)))
        else { return nil }
        switch bytes.count - MerkleHash.byteCount {
        case 0: tree = nil
        case 8:
            guard let tree = TreeID(bytes: bytes.prefix(8)) else { return nil }
            self.tree = tree
        default: return nil
        }
        leafHash = hash
    }
}

extension EntryID: CustomStringConvertible {
    /// The digits in lower case: 80 with the tree, else 64.
    public var description: String { (tree?.hex ?? "") + Hexadecimal.encode(leafHash.bytes) }
}
