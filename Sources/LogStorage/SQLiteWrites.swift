import Foundation
import GRDB
import Log
import Records
import Transparency

/// Writes of a log on one connection, inside a transaction.
struct SQLiteWrites {
    let db: Database

    /// Adds all rows of a batch.
    func add(_ batch: LogBatch) throws {
        try addEntries(batch.entries)
        try addKeys(batch.entries)
        try addRecords(batch.entries)
        try setUses(batch.uses, now: batch.head.tree.timestamp)
        try replaceTiles(batch.tiles)
        try replaceHead(batch.head)
    }

    private func addEntries(_ entries: [LogBatch.Entry]) throws {
        let statement = try HotStatement(
            "INSERT INTO entries (leaf_index, timestamp, leaf_hash, stored) VALUES (?, ?, ?, ?)",
            in: db
        )
        for entry in entries.lazy.map(\.entry) {
            try statement.bind(number(entry.index.value), at: 1)
            try statement.bind(number(entry.timestamp.milliseconds), at: 2)
            try statement.bind(entry.leafHash.bytes, at: 3)
            try statement.bind(entry.stored, at: 4)
            try statement.run()
        }
    }

    private func addKeys(_ entries: [LogBatch.Entry]) throws {
        guard entries.contains(where: { !$0.keys.isEmpty }) else { return }
        let statement = try HotStatement(
            "INSERT INTO entry_keys (part, key, leaf_index) VALUES (?, ?, ?)",
            in: db
        )
        for entry in entries {
            let index = entry.entry.index.value
            for key in entry.keys {
                try statement.bind(number(index >> SQLiteSchema.keyPartBits), at: 1)
                try statement.bind(key.bytes, at: 2)
                try statement.bind(number(index), at: 3)
                try statement.run()
            }
        }
    }

    private func addRecords(_ entries: [LogBatch.Entry]) throws {
        for entry in entries {
            guard let record = entry.record else { continue }
            try insert(record, leafIndex: try number(entry.entry.index.value), refusal: nil)
        }
    }

    /// Adds records that no entry carries; of the refusals the newest `refusalsMax` stay.
    func add(_ records: [IssuanceRecord], refusalsMax: Int) throws {
        let newest = "SELECT max(refusal) FROM records WHERE refusal IS NOT NULL"
        var refusal = try Int64.fetchOne(db.cachedStatement(sql: newest)) ?? 0
        for record in records {
            switch record.decision {
            case .issued, .submitted: try insert(record, leafIndex: nil, refusal: nil)
            case .refused:
                try insert(record, leafIndex: nil, refusal: refusal &+ 1)
                // None when the request's refusal is there already.
                refusal &+= Int64(db.changesCount)
            }
        }
        let statement = try db.cachedStatement(sql: "DELETE FROM records WHERE refusal <= ?")
        try statement.execute(arguments: [refusal &- Int64(refusalsMax)])
    }

    private func insert(_ record: IssuanceRecord, leafIndex: Int64?, refusal: Int64?) throws {
        let statement = try HotStatement(Self.insertRecord, in: db)
        try statement.bind(leafIndex, at: 1)
        try statement.bind(refusal, at: 2)
        try record.bind(to: statement, from: 3)
        try statement.run()
    }

    private static let insertRecord = """
        INSERT INTO records (leaf_index, refusal, \(IssuanceRecord.columns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (request_id) WHERE refusal IS NOT NULL DO NOTHING
        """

    /// Stores totals, and forgets keys that expired more than a day ago: more than a batch adds, so that they never
    /// grow in number, and few enough not to be felt.
    func setUses(_ uses: [UseLimit.Key: Int], now: EntryTimestamp) throws {
        let set = try HotStatement(
            """
            INSERT INTO token_uses (expiry, key, uses) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET uses = excluded.uses
            """,
            in: db
        )
        for (key, total) in uses {
            try set.bind(key.expirySeconds, at: 1)
            try set.bind(key.digest.bytes, at: 2)
            try set.bind(Int64(total), at: 3)
            try set.run()
        }
        let forget = try db.cachedStatement(
            sql: """
                DELETE FROM token_uses WHERE (expiry, key) IN
                    (SELECT expiry, key FROM token_uses WHERE expiry < ? ORDER BY expiry, key LIMIT ?)
                """
        )
        try forget.execute(arguments: [now.seconds - Self.keptSeconds, 2 * uses.count + Self.forgottenMin])
    }

    /// A token is refused for its age long before; the day is for clocks that are set back.
    static let keptSeconds: Int64 = 86_400
    static let forgottenMin = 16

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
