import Keys
import Log
import Records
import Transparency

extension LogStoreConformance {
    /// Appends `count` entries and returns the batch.
    static func grow(
        _ store: any LogStore,
        by count: Int,
        uses: [UseLimit.Key: Int] = [:],
        record: (LeafIndex) -> IssuanceRecord? = { record($0) },
        keys: (LeafIndex) -> Set<SearchKey> = { _ in [] },
        change: (StoredEntry) -> StoredEntry = { $0 }
    ) throws -> LogBatch {
        var made: LogBatch?
        try store.append { locked in
            made = try? batch(extending: locked, by: count, uses: uses, record: record, keys: keys, change: change)
            return made
        }
        guard let made else { throw Broken(description: "what the batch extends can't be read") }
        return made
    }

    /// One with every column.
    static func record(_ index: LeafIndex) -> IssuanceRecord {
        var record = IssuanceRecord(
            .issued,
            RequestID(text: "request \(index)"),
            at: EntryTimestamp(milliseconds: 1000 + index.value)
        )
        record.issuer = "https://issuer.test"
        record.issuerType = "email"
        record.subject = "ü\(index)"
        record.san = "ü\(index)@example.com"
        record.rule = "rule"
        record.reason = "REASON"
        record.serialHex = "0\(index)"
        record.precertificate = SHA256Digest(hashing: Array("\(index)".utf8))
        record.notBeforeSeconds = -1
        record.keyID = "key"
        record.repository = "https://code.test/ü\(index)"
        return record
    }

    /// One with the columns that are always there, `seconds` after 1970.
    static func refusal(_ text: String, seconds: UInt64 = 1) -> IssuanceRecord {
        IssuanceRecord(.refused, RequestID(text: text), at: EntryTimestamp(milliseconds: seconds * 1000))
    }

    /// A limit for the key `text`.
    static func limit(_ text: String, usesMax: Int? = 1, expirySeconds: Int64 = 90_000) -> UseLimit {
        UseLimit(key: SHA256Digest(hashing: Array(text.utf8)), usesMax: usesMax, expirySeconds: expirySeconds)
    }

    private static func batch(
        extending locked: any LogReads,
        by count: Int,
        uses: [UseLimit.Key: Int],
        record: (LeafIndex) -> IssuanceRecord?,
        keys: (LeafIndex) -> Set<SearchKey>,
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
            return LogBatch.Entry(entry: change(entry), record: record(index), keys: keys(index))
        }
        let grown = try edge.append(entries.map(\.entry.leafHash))
        let timestamp = EntryTimestamp(milliseconds: 2000 + edge.size.value)
        let tree = TreeHead(size: edge.size, root: edge.root, timestamp: timestamp)
        return LogBatch(
            entries: entries,
            tiles: grown,
            uses: uses,
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
            try expect(try store.record(of: row.entry.index) == row.record, "record of \(row.entry.index)")
        }
        var newest: [[UInt64]: Tile] = [:]
        for tile in batches.flatMap(\.tiles) { newest[[UInt64(tile.id.level), tile.id.index]] = tile }
        for tile in newest.values {
            try expect(try store.tile(tile.id) == tile, "tile \(tile.id.path)")
        }
    }
}
