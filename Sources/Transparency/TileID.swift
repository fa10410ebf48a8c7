/// The name of a tile: a run of up to 256 consecutive hashes of one level (C2SP tlog-tiles, "Merkle Tree").
///
/// Level 0 holds leaf hashes; a hash of level L is the Merkle Tree Hash of a full tile of level L − 1. The data tile
/// with the entries themselves has the name of the level-0 tile with their hashes.
public struct TileID: Sendable, Hashable {
    /// How many hashes a full tile holds.
    public static let fullWidth = 256

    /// 0 for leaf hashes … 63.
    public let level: Int
    /// Full tiles of this level to the left of this one.
    public let index: UInt64
    /// Hashes in the tile, 1 … 256.
    public let width: Int

    /// Names a tile; throws `.tileOutOfRange` for a level past 63 or a width that is not 1 … 256.
    public init(level: Int, index: UInt64, width: Int = TileID.fullWidth) throws(TransparencyError) {
        guard (0...63).contains(level), (1...TileID.fullWidth).contains(width), index <= UInt64.max >> 8 else {
            throw .tileOutOfRange
        }
        self.init(knownLevel: level, index: index, width: width)
    }

    /// For callers that computed the parts from a tree's size.
    init(knownLevel level: Int, index: UInt64, width: Int) {
        self.level = level
        self.index = index
        self.width = width
    }

    /// The tile of level `level` and index `index` in a tree of size `size`, as wide as it is there; nil when the
    /// tree has no hash in it.
    public init?(level: Int, index: UInt64, in size: TreeSize) {
        guard (0...63).contains(level), index <= UInt64.max >> 8 else { return nil }
        let hashes = size.value >> UInt64(8 * level)
        let start = index << 8
        guard start < hashes else { return nil }
        self.init(knownLevel: level, index: index, width: Int(min(hashes - start, UInt64(TileID.fullWidth))))
    }

    /// The level-0 tile, and so the data tile, that holds an entry in a tree of size `size`; nil outside the tree.
    public init?(holding entry: LeafIndex, in size: TreeSize) {
        guard size.contains(entry) else { return nil }
        self.init(level: 0, index: entry.value >> 8, in: size)
    }

    /// Whether the tile can grow no more.
    public var isFull: Bool { width == TileID.fullWidth }

    /// The same tile with another number of hashes; nil unless that is 1 … 256.
    public func with(width: Int) -> TileID? {
        (1...TileID.fullWidth).contains(width) ? TileID(knownLevel: level, index: index, width: width) : nil
    }

    /// The size of the tile in bytes.
    public var byteCount: Int { width * MerkleHash.byteCount }
}

extension TreeSize {
    /// The partial tiles at the right edge of the tree, lowest level first: with their hashes the whole tree's root
    /// can be computed, and nothing else is needed to append to it.
    public var edgeTiles: [TileID] {
        var tiles: [TileID] = []
        var level = 0
        var hashes = value
        while hashes > 0 {
            let width = Int(hashes & 0xFF)
            if width > 0 {
                tiles.append(TileID(knownLevel: level, index: hashes >> 8, width: width))
            }
            level += 1
            hashes >>= 8
        }
        return tiles
    }
}
