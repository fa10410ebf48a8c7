/// The right edge of a growing tree: all that is needed to append to it and to know its root, at most 256 hashes a
/// level. Build side only; who checks a log uses ``InclusionProof`` and ``ConsistencyProof``.
///
/// Invariants:
/// 1. `subtrees` holds one root for each set bit of `size`, of perfect subtrees that high, left to right.
/// 2. `partialTiles[l]` is the partial tile of level l for `size`, empty when `size >> 8l` is a multiple of 256.
public struct TreeEdge: Sendable, Equatable {
    /// How many leaves have been appended.
    public private(set) var size: TreeSize
    private var subtrees: [MerkleHash]
    private var partialTiles: [PartialTile]

    private struct PartialTile: Equatable {
        var index: UInt64
        var bytes: [UInt8]
    }

    /// The edge of the empty tree.
    public init() {
        size = .empty
        subtrees = []
        partialTiles = []
    }

    /// The edge of a stored tree, from the tiles that `size.edgeTiles` names. Compare `root` with a signed one before
    /// trusting it. Throws `.tileMissing` when a tile is not among `tiles` or is too short.
    public init(size: TreeSize, tiles: [TileID: [UInt8]]) throws(TransparencyError) {
        self.init()
        self.size = size
        var hashes = size.value
        while hashes > 0 {
            partialTiles.append(PartialTile(index: hashes >> 8, bytes: []))
            hashes >>= 8
        }
        // The highest level is leftmost in the tree.
        for id in size.edgeTiles.reversed() {
            guard let bytes = tiles[id] else { throw .tileMissing(id) }
            let tile = try Tile(id: id, bytes: bytes)
            partialTiles[id.level].bytes = tile.bytes
            var start = 0
            for count in [128, 64, 32, 16, 8, 4, 2, 1] where id.width & count != 0 {
                guard let root = tile.root(over: start..<start + count) else { throw .tileMissing(id) }
                subtrees.append(root)
                start += count
            }
        }
    }

    /// The Merkle Tree Hash of the whole tree (RFC 6962 §2.1).
    public var root: MerkleHash {
        guard var hash = subtrees.last else { return MerkleTree.emptyRoot }
        for subtree in subtrees.dropLast().reversed() {
            hash = MerkleTree.nodeHash(subtree, hash)
        }
        return hash
    }

    /// The perfect subtree of this height at the edge; nil when the size has no such part.
    func subtree(height: Int) -> MerkleHash? {
        guard height < 64, size.value >> UInt64(height) & 1 == 1 else { return nil }
        // Higher ones stand before it, one for each set bit.
        let position = ((size.value >> UInt64(height)) >> 1).nonzeroBitCount
        return position < subtrees.count ? subtrees[position] : nil
    }

    /// Appends leaf hashes in order and returns the tiles that are new or have grown, each once and as wide as it is
    /// afterwards. A returned tile replaces the stored one of the same level and index. Throws `.tooLarge(.treeHead)`,
    /// with nothing appended, when the tree's size would leave 64 bits.
    public mutating func append(_ leaves: [MerkleHash]) throws(TransparencyError) -> [Tile] {
        guard let newSize = size.growing(by: leaves.count) else { throw .tooLarge(.treeHead) }
        let before = size.value
        var position = before
        var written: [Tile] = []
        for leaf in leaves {
            append(leaf, at: position, completed: &written)
            position += 1
        }
        size = newSize
        for (level, tile) in partialTiles.enumerated() where !tile.bytes.isEmpty {
            let shift = UInt64(8 * level)
            guard before >> shift != position >> shift else { continue }
            let width = tile.bytes.count / MerkleHash.byteCount
            written.append(Tile(known: TileID(knownLevel: level, index: tile.index, width: width), bytes: tile.bytes))
        }
        return written
    }

    private mutating func append(_ leaf: MerkleHash, at position: UInt64, completed: inout [Tile]) {
        var hash = leaf
        var height = 0
        var index = position
        place(hash, level: 0, completed: &completed)
        // Each set bit at the low end is a perfect subtree of equal height waiting on the left.
        while index & 1 == 1, let left = subtrees.popLast() {
            hash = MerkleTree.nodeHash(left, hash)
            index >>= 1
            height += 1
            if height % 8 == 0 {
                place(hash, level: height / 8, completed: &completed)
            }
        }
        subtrees.append(hash)
    }

    private mutating func place(_ hash: MerkleHash, level: Int, completed: inout [Tile]) {
        if level == partialTiles.count {
            partialTiles.append(PartialTile(index: 0, bytes: []))
        }
        partialTiles[level].bytes.append(contentsOf: hash.bytes)
        guard partialTiles[level].bytes.count == TileID.fullWidth * MerkleHash.byteCount else { return }
        let id = TileID(knownLevel: level, index: partialTiles[level].index, width: TileID.fullWidth)
        completed.append(Tile(known: id, bytes: partialTiles[level].bytes))
        partialTiles[level] = PartialTile(index: id.index + 1, bytes: [])
    }
}
