/// A run of consecutive hashes of one level of a tree, as it is stored and served (C2SP tlog-tiles).
public struct Tile: Sendable, Hashable {
    /// Which hashes.
    public let id: TileID
    /// The hashes, one after the other: `id.byteCount` bytes.
    public let bytes: [UInt8]

    /// Takes a tile as stored or received. Bytes past the tile's width are cut off: a wider tile begins with every
    /// narrower one of the same place. Throws `.tileMissing` when there are fewer.
    public init(id: TileID, bytes: [UInt8]) throws(TransparencyError) {
        guard bytes.count >= id.byteCount else { throw .tileMissing(id) }
        self.id = id
        self.bytes = bytes.count == id.byteCount ? bytes : Array(bytes.prefix(id.byteCount))
    }

    /// For callers that have just put the hashes together.
    init(known id: TileID, bytes: [UInt8]) {
        self.id = id
        self.bytes = bytes
    }

    /// The hash at a place of the tile; nil outside it.
    public func hash(at position: Int) -> MerkleHash? {
        guard position >= 0, position < id.width else { return nil }
        let start = position * MerkleHash.byteCount
        return MerkleHash(bytes: Array(bytes[start..<start + MerkleHash.byteCount]))
    }

    /// The Merkle Tree Hash over a run of the tile's hashes; nil when the run leaves the tile.
    func root(over range: Range<Int>) -> MerkleHash? {
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(range.count)
        for position in range {
            guard let hash = hash(at: position) else { return nil }
            hashes.append(hash)
        }
        return MerkleTree.root(of: hashes)
    }
}
