import Keys
import Log
import Transparency

extension LogStoreConformance {
    /// Appends `count` entries and returns the batch.
    static func grow(
        _ store: any LogStore,
        by count: Int,
        search: (LeafIndex) -> SearchColumns? = { searchColumns($0) },
        change: (StoredEntry) -> StoredEntry = { $0 }
    ) throws -> LogBatch {
        var made: LogBatch?
        try store.append { locked in
            made = try? batch(extending: locked, by: count, search: search, change: change)
            return made
        }
        guard let made else { throw Broken(description: "what the batch extends can't be read") }
        return made
    }

    static func searchColumns(_ index: LeafIndex) -> SearchColumns {
        SearchColumns(
            certificate: SHA256Digest(hashing: Array("\(index)".utf8)),
            serialHex: "0\(index)",
            issuer: "https://issuer.test",
            subject: "ü\(index)@example.com",
            notBeforeSeconds: -1
        )
    }

    private static func batch(
        extending locked: any LogReads,
        by count: Int,
        search: (LeafIndex) -> SearchColumns?,
        change: (StoredEntry) -> StoredEntry
    ) throws -> LogBatch {
        let size = try locked.head()?.tree.size ?? .empty
        var tiles: [TileID: [UInt8]] = [:]
        for id in size.edgeTiles { tiles[id] = try locked.tile(id)?.bytes }
        var edge = try TreeEdge(size: size, tiles: tiles)
        let entries = (0..<UInt64(count)).map { offset in
            let index = LeafIndex(size.value + offset)
            let stored = Array("entry \(index)".utf8)
            let entry = StoredEntry(
                index: index,
                timestamp: EntryTimestamp(milliseconds: 1000 + index.value),
                leafHash: MerkleTree.leafHash(stored),
                stored: stored
            )
            return LogBatch.Entry(entry: change(entry), search: search(index))
        }
        let grown = try edge.append(entries.map(\.entry.leafHash))
        let timestamp = EntryTimestamp(milliseconds: 2000 + edge.size.value)
        let tree = TreeHead(size: edge.size, root: edge.root, timestamp: timestamp)
        return LogBatch(
            entries: entries,
            tiles: grown,
            head: StoredHead(tree: tree, checkpoint: Array("size \(edge.size)".utf8))
        )
    }

    /// Throws unless the store holds the batches, the first one first, and nothing else.
    static func expectHolds(_ store: any LogStore, _ batches: [LogBatch]) throws {
        try expect(try store.head() == batches.last?.head, "head")
        let rows = batches.flatMap(\.entries)
        try expect(try store.entries(from: LeafIndex(0), count: rows.count + 1) == rows.map(\.entry), "entries")
        for row in rows {
            try expect(
                try store.index(ofLeafHash: row.entry.leafHash) == row.entry.index,
                "place of \(row.entry.index)"
            )
            try expect(try store.searchColumns(of: row.entry.index) == row.search, "search \(row.entry.index)")
        }
        var newest: [[UInt64]: Tile] = [:]
        for tile in batches.flatMap(\.tiles) { newest[[UInt64(tile.id.level), tile.id.index]] = tile }
        for tile in newest.values {
            try expect(try store.tile(tile.id) == tile, "tile \(tile.id.path)")
        }
    }
}
