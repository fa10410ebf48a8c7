import Transparency

/// A tree as a store keeps it: of each tile its widest form.
struct StoredTiles {
    private(set) var edge = TreeEdge()
    private var tiles: [[UInt64]: [UInt8]] = [:]

    var size: TreeSize { edge.size }

    init(_ leaves: [MerkleHash] = []) throws {
        try append(leaves)
    }

    mutating func append(_ leaves: [MerkleHash]) throws {
        for tile in try edge.append(leaves) {
            tiles[[UInt64(tile.id.level), tile.id.index]] = tile.bytes
        }
    }

    func read(_ ids: [TileID]) -> [TileID: [UInt8]] {
        var read: [TileID: [UInt8]] = [:]
        for id in ids { read[id] = tiles[[UInt64(id.level), id.index]] }
        return read
    }

    func inclusionProof(_ index: UInt64, in size: UInt64) throws -> InclusionProof {
        let plan = try ProofPlan.inclusion(of: LeafIndex(index), in: TreeSize(size))
        let path = try plan.hashes(from: read(plan.tiles))
        return InclusionProof(index: LeafIndex(index), size: TreeSize(size), path: path)
    }

    func consistencyProof(_ from: UInt64, _ to: UInt64) throws -> ConsistencyProof {
        let plan = try ProofPlan.consistency(from: TreeSize(from), to: TreeSize(to))
        let path = try plan.hashes(from: read(plan.tiles))
        return ConsistencyProof(from: TreeSize(from), to: TreeSize(to), path: path)
    }

    func root(_ size: UInt64) throws -> MerkleHash? {
        let plan = ProofPlan.root(of: TreeSize(size))
        return try plan.hashes(from: read(plan.tiles)).first
    }
}
