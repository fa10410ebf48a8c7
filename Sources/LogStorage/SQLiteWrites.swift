import Foundation
import GRDB
import Log
import Transparency

/// Writes of a log on one connection, inside a transaction.
struct SQLiteWrites {
    let db: Database

    /// Adds all rows of a batch.
    func add(_ batch: LogBatch) throws {
        try addEntries(batch.entries)
        try addSearchColumns(batch.entries)
        try replaceTiles(batch.tiles)
        try replaceHead(batch.head)
    }

    private func addEntries(_ entries: [LogBatch.Entry]) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO entries (leaf_index, timestamp, leaf_hash, stored) VALUES (?, ?, ?, ?)"
        )
        for entry in entries.lazy.map(\.entry) {
            try statement.execute(arguments: [
                number(entry.index.value), number(entry.timestamp.milliseconds), Data(entry.leafHash.bytes),
                Data(entry.stored),
            ])
        }
    }

    private func addSearchColumns(_ entries: [LogBatch.Entry]) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO certificates (leaf_index, sha256, serial, issuer, subject, not_before)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        for entry in entries {
            guard let search = entry.search else { continue }
            try statement.execute(arguments: [
                number(entry.entry.index.value), Data(search.certificate.bytes), search.serialHex, search.issuer,
                search.subject, search.notBeforeSeconds,
            ])
        }
    }

    private func replaceTiles(_ tiles: [Tile]) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO tiles (level, tile_index, width, hashes) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET width = excluded.width, hashes = excluded.hashes
                """
        )
        for tile in tiles {
            var hashes = Data(tile.bytes)
            hashes.append(Data(count: TileID.fullWidth * MerkleHash.byteCount - hashes.count))
            try statement.execute(arguments: [tile.id.level, number(tile.id.index), tile.id.width, hashes])
        }
    }

    private func replaceHead(_ head: StoredHead) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO heads (id, size, root, timestamp, checkpoint) VALUES (1, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root,
                    timestamp = excluded.timestamp, checkpoint = excluded.checkpoint
                """
        )
        try statement.execute(arguments: [
            number(head.tree.size.value), Data(head.tree.root.bytes), number(head.tree.timestamp.milliseconds),
            Data(head.checkpoint),
        ])
    }

    /// SQLite's integers are signed.
    private func number(_ value: UInt64) throws -> Int64 {
        guard let number = Int64(exactly: value) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH)
        }
        return number
    }
}
