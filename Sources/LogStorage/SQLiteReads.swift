import Foundation
import GRDB
import Keys
import Log
import Records
import Transparency

/// Reads of a log on one connection; inside a transaction they see what the transaction sees.
struct SQLiteReads: LogReads {
    let db: Database

    func head() throws(LogStoreError) -> StoredHead? {
        try LogStoreError.mapping(reading: .headUnreadable) {
            let sql = "SELECT size, root, timestamp, checkpoint FROM heads WHERE id = 1"
            guard let row = try Row.fetchOne(db.cachedStatement(sql: sql)) else { return nil }
            guard let size = row.unsigned(at: 0), let root = row.hash(at: 1), let milliseconds = row.unsigned(at: 2)
            else { throw LogStoreError.damaged(.headContradictsCheckpoint) }
            let timestamp = EntryTimestamp(milliseconds: milliseconds)
            let tree = TreeHead(size: TreeSize(size), root: root, timestamp: timestamp)
            return StoredHead(tree: tree, checkpoint: row.bytes(at: 3))
        }
    }

    func tile(_ id: TileID) throws(LogStoreError) -> Tile? {
        try LogStoreError.mapping(reading: .tileUnreadable(id)) {
            let sql = "SELECT width, hashes FROM tiles WHERE level = ? AND tile_index = ?"
            // An index past 63 bits is in no log.
            guard let index = Int64(exactly: id.index),
                let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id.level, index]),
                let width = row.signed(at: 0), id.width <= width
            else { return nil }
            return try? Tile(id: id, bytes: row.bytes(at: 1))
        }
    }

    func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        var next = first
        return try LogStoreError.mapping(reading: .entryUnreadable(next)) {
            guard let start = Int64(exactly: first.value), count > 0 else { return [] }
            let (sum, overflow) = start.addingReportingOverflow(Int64(count) - 1)
            let end = overflow ? Int64.max : sum
            let sql = """
                SELECT leaf_index, timestamp, leaf_hash, stored FROM entries
                WHERE leaf_index BETWEEN ? AND ? ORDER BY leaf_index
                """
            let statement = try db.cachedStatement(sql: sql)
            var entries: [StoredEntry] = []
            entries.reserveCapacity(min(count, 256))
            let rows = try Row.fetchCursor(statement, arguments: [start, end])
            while let row = try rows.next() {
                guard let value = row.unsigned(at: 0) else { throw LogStoreError.damaged(.entryUnreadable(first)) }
                let index = LeafIndex(value)
                guard let milliseconds = row.unsigned(at: 1), let hash = row.hash(at: 2) else {
                    throw LogStoreError.damaged(.entryUnreadable(index))
                }
                let timestamp = EntryTimestamp(milliseconds: milliseconds)
                let stored = row.bytes(at: 3)
                entries.append(StoredEntry(index: index, timestamp: timestamp, leafHash: hash, stored: stored))
                next = index.advanced(by: 1) ?? index
            }
            return entries
        }
    }

    func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? {
        try LogStoreError.mapping {
            // Part by part, see ``SQLiteSchema``; the first part that has it ends the search.
            let sql = """
                WITH RECURSIVE parts (part) AS (
                    VALUES (0) UNION ALL SELECT part + 1 FROM parts WHERE part < (SELECT size >> 16 FROM heads)
                )
                SELECT leaf_index FROM parts CROSS JOIN entries
                WHERE leaf_index >> 16 = part AND leaf_hash = ? ORDER BY part, leaf_index LIMIT 1
                """
            guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [Data(hash.bytes)]) else {
                return nil
            }
            return row.unsigned(at: 0).map { LeafIndex($0) }
        }
    }

    func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] {
        try LogStoreError.mapping {
            guard !keys.isEmpty, count > 0, let size = try head()?.tree.size else { return [] }
            // See ``SQLiteSchema``: from the newest part on, until enough is found.
            let sql = """
                SELECT leaf_index FROM entry_keys WHERE part = ? AND key IN (\(keys.map { _ in "?" }.joined(separator: ",")))
                GROUP BY leaf_index HAVING count(*) >= ? ORDER BY leaf_index DESC LIMIT ?
                """
            let statement = try db.cachedStatement(sql: sql)
            let sought = keys.map { Data($0.bytes) }
            var found: [LeafIndex] = []
            for part in (0...(size.value >> SQLiteSchema.keyPartBits)).reversed() where found.count < count {
                let arguments: [any DatabaseValueConvertible] =
                    [Int64(clamping: part)] + sought + [needsAll ? keys.count : 1, count - found.count]
                let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
                while let row = try rows.next() {
                    if let index = row.unsigned(at: 0) { found.append(LeafIndex(index)) }
                }
            }
            return found
        }
    }

    func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? {
        try LogStoreError.mapping(reading: .recordUnreadable) {
            guard let key = Int64(exactly: index.value) else { return nil }
            let sql = "SELECT \(IssuanceRecord.columns) FROM records WHERE leaf_index = ?"
            guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [key]) else { return nil }
            return try IssuanceRecord(row: row)
        }
    }

    func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int {
        try LogStoreError.mapping(reading: .useCountUnreadable) {
            let statement = try HotStatement("SELECT uses FROM token_uses WHERE expiry = ? AND key = ?", in: db)
            try statement.bind(key.expirySeconds, at: 1)
            try statement.bind(key.digest.bytes, at: 2)
            guard let found = try statement.run() else { return 0 }
            // No row is written before the first use.
            guard found > 0, let uses = Int(exactly: found) else {
                throw LogStoreError.damaged(.useCountUnreadable)
            }
            return uses
        }
    }
}

/// The tables type their columns (STRICT), but a damaged page need not keep to that: everything is checked on the way
/// out, for GRDB's plain subscripts trap.
extension Row {
    /// The bytes of a blob; none when it is something else, which no check of a length or signature lets pass.
    func bytes(at column: Int) -> [UInt8] {
        (try? withUnsafeData(atIndex: column) { $0.map(Array.init) }) ?? []
    }

    func hash(at column: Int) -> MerkleHash? {
        MerkleHash(bytes: bytes(at: column))
    }

    func signed(at column: Int) -> Int64? {
        Int64.fromDatabaseValue(self[column])
    }

    /// Nil also for a negative number, which this program doesn't write.
    func unsigned(at column: Int) -> UInt64? {
        signed(at: column).flatMap { UInt64(exactly: $0) }
    }

    func text(at column: Int) -> String? {
        String.fromDatabaseValue(self[column])
    }
}
