import Transparency

extension LogReads {
    /// The stored head; throws `.damaged(.headMissing)` when there is none.
    func existingHead() throws(LogStoreError) -> StoredHead {
        guard let head = try head() else { throw .damaged(.headMissing) }
        return head
    }

    /// The bytes of the tiles; throws `.damaged(.tileMissing)`.
    func bytes(of tiles: [TileID]) throws(LogStoreError) -> [TileID: [UInt8]] {
        let found = try self.tiles(tiles)
        for id in tiles where found[id] == nil { throw .damaged(.tileMissing(id)) }
        return found.mapValues(\.bytes)
    }

    /// The hashes that a proof needs; throws `.damaged(.tileMissing)` for a tree that is not stored whole.
    func hashes(of plan: ProofPlan) throws(LogStoreError) -> [MerkleHash] {
        let bytes = try bytes(of: plan.tiles)
        do throws(TransparencyError) {
            return try plan.hashes(from: bytes)
        } catch {
            // The only thing that can be wrong is a tile, and then it is named.
            guard case .tileMissing(let id) = error else { throw .failed(code: 0) }
            throw .damaged(.tileMissing(id))
        }
    }
}
