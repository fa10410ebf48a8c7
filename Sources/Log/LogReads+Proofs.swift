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

    /// The leaf hashes of these entries, in their order. They are read from the hash tiles, for entries may be large. Throws
    /// `.damaged(.tileMissing)` for entries that aren't in the tree.
    func leafHashes(of indices: [LeafIndex]) throws(LogStoreError) -> [MerkleHash] {
        // A tile is cut to the width that is asked for: as far as the last of them.
        var widths: [UInt64: Int] = [:]
        for index in indices { widths[index.value >> 8] = max(widths[index.value >> 8] ?? 1, index.placeInTile + 1) }
        var names: [UInt64: TileID] = [:]
        for (number, width) in widths { names[number] = try? TileID(level: 0, index: number, width: width) }
        let tiles = try tiles(Array(names.values))
        var hashes: [MerkleHash] = []
        for index in indices {
            guard let id = names[index.value >> 8] else { throw .damaged(.entryMissing(index)) }
            guard let hash = tiles[id]?.hash(at: index.placeInTile) else { throw .damaged(.tileMissing(id)) }
            hashes.append(hash)
        }
        return hashes
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

extension LeafIndex {
    /// Which hash of its tile of level 0 the entry's is.
    fileprivate var placeInTile: Int { Int(value & 0xFF) }
}
