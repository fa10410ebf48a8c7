import Keys
import Log
import Records
import Transparency

/// Reads of a log on one connection; inside a transaction that has locked the head, they see the newest.
struct PostgresReads: LogReads {
    let connection: PostgresConnection
    /// The head as the transaction has locked it; nil outside of one.
    var lockedHead: PostgresRows?

    func head() throws(LogStoreError) -> StoredHead? {
        let rows: PostgresRows
        if let lockedHead { rows = lockedHead } else { rows = try connection.run(PostgresCall(Self.head)) }
        guard rows.count > 0 else { return nil }
        guard let size = rows.unsigned(0, 0), let root = rows.hash(0, 1), let milliseconds = rows.unsigned(0, 2)
        else { throw .damaged(.headContradictsCheckpoint) }
        let timestamp = EntryTimestamp(milliseconds: milliseconds)
        let tree = TreeHead(size: TreeSize(size), root: root, timestamp: timestamp)
        return StoredHead(tree: tree, checkpoint: rows.bytes(0, 3))
    }

    func tile(_ id: TileID) throws(LogStoreError) -> Tile? {
        try tiles([id])[id]
    }

    func tiles(_ ids: [TileID]) throws(LogStoreError) -> [TileID: Tile] {
        // An index past 63 bits is in no log.
        let sought = ids.filter { Int64(exactly: $0.index) != nil }
        guard !sought.isEmpty else { return [:] }
        var call = PostgresCall(Self.tiles)
        call.bind(sought.map { Int64($0.level) })
        call.bind(sought.map { Int64(clamping: $0.index) })
        call.bind(sought.map { Int64($0.width) })
        let rows = try connection.run(call)
        var tiles: [TileID: Tile] = [:]
        for row in 0..<rows.count {
            guard let place = rows.signed(row, 0), sought.indices.contains(Int(place) &- 1) else { continue }
            let id = sought[Int(place) &- 1]
            tiles[id] = try? Tile(id: id, bytes: rows.bytes(row, 1))
        }
        return tiles
    }

    func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        guard let start = Int64(exactly: first.value), count > 0 else { return [] }
        let (sum, overflow) = start.addingReportingOverflow(Int64(count) - 1)
        var call = PostgresCall(Self.entries)
        call.bind(start)
        call.bind(overflow ? Int64.max : sum)
        let rows = try connection.run(call)
        var entries: [StoredEntry] = []
        entries.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            guard let value = rows.unsigned(row, 0) else { throw .damaged(.entryUnreadable(first)) }
            let index = LeafIndex(value)
            guard let milliseconds = rows.unsigned(row, 1), let hash = rows.hash(row, 2) else {
                throw .damaged(.entryUnreadable(index))
            }
            let timestamp = EntryTimestamp(milliseconds: milliseconds)
            entries.append(
                StoredEntry(index: index, timestamp: timestamp, leafHash: hash, stored: rows.bytes(row, 3))
            )
        }
        return entries
    }

    func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? {
        var call = PostgresCall(Self.indexOfLeafHash)
        call.bind(hash.bytes)
        return try connection.run(call).unsigned(0, 0).map { LeafIndex($0) }
    }

    func indices(ofLeafHashes hashes: Set<MerkleHash>) throws(LogStoreError) -> [MerkleHash: LeafIndex] {
        let sought = Array(hashes)
        guard !sought.isEmpty else { return [:] }
        let found = try connection.run(
            sought.map { hash in
                var call = PostgresCall(Self.indexOfLeafHash)
                call.bind(hash.bytes)
                return call
            }
        )
        var indices: [MerkleHash: LeafIndex] = [:]
        for (hash, rows) in zip(sought, found) { indices[hash] = rows.unsigned(0, 0).map { LeafIndex($0) } }
        return indices
    }

    func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] {
        guard !keys.isEmpty, count > 0 else { return [] }
        var call = PostgresCall(Self.indicesOfKeys)
        call.bind(keys.map(\.bytes))
        call.bind(Int64(needsAll ? keys.count : 1))
        call.bind(Int64(count))
        let rows = try connection.run(call)
        return (0..<rows.count).compactMap { rows.unsigned($0, 0) }.map { LeafIndex($0) }
    }

    func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? {
        guard let key = Int64(exactly: index.value) else { return nil }
        var call = PostgresCall(Self.record)
        call.bind(key)
        let rows = try connection.run(call)
        return rows.count > 0 ? try IssuanceRecord(rows, row: 0) : nil
    }

    func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int {
        try uses(of: [key])[key] ?? 0
    }

    func uses(of keys: Set<UseLimit.Key>) throws(LogStoreError) -> [UseLimit.Key: Int] {
        guard !keys.isEmpty else { return [:] }
        let sought = Array(keys)
        var call = PostgresCall(Self.uses)
        call.bind(sought.map(\.expirySeconds))
        call.bind(sought.map(\.digest.bytes))
        let rows = try connection.run(call)
        var uses: [UseLimit.Key: Int] = [:]
        for row in 0..<rows.count {
            guard let place = rows.signed(row, 0), sought.indices.contains(Int(place) &- 1) else { continue }
            // No row is written before the first use.
            guard let found = rows.signed(row, 1), found > 0, let count = Int(exactly: found) else {
                throw .damaged(.useCountUnreadable)
            }
            uses[sought[Int(place) &- 1]] = count
        }
        return uses
    }

    // MARK: Statements

    private static let headText = "SELECT size, root, timestamp, checkpoint FROM heads WHERE id = 1"
    private static let head = PostgresStatement(name: "head", sql: headText)

    /// Locks the head until the end of the transaction, and returns it as it is then.
    static let lockHead = PostgresStatement(name: "lock_head", sql: headText + " FOR UPDATE")

    private static let tiles = PostgresStatement(
        name: "tiles",
        sql: """
            SELECT place, substring(hashes for (sought.width * \(MerkleHash.byteCount))::int4)
            FROM unnest($1::int8[], $2::int8[], $3::int8[]) WITH ORDINALITY
                AS sought (level, tile_index, width, place)
            JOIN tiles USING (level, tile_index) WHERE tiles.width >= sought.width
            """
    )

    private static let entries = PostgresStatement(
        name: "entries",
        sql: """
            SELECT leaf_index, timestamp, leaf_hash, stored FROM entries
            WHERE leaf_index BETWEEN $1::int8 AND $2::int8 ORDER BY leaf_index
            """
    )

    /// Part by part, see ``SQLiteSchema``; the first part that has it ends the search.
    private static let indexOfLeafHash = PostgresStatement(
        name: "index_of_leaf_hash",
        sql: """
            WITH RECURSIVE parts (part) AS (
                SELECT 0::int8 UNION ALL SELECT part + 1 FROM parts WHERE part < (SELECT size >> 16 FROM heads WHERE id = 1)
            )
            SELECT found.leaf_index FROM parts CROSS JOIN LATERAL (
                SELECT leaf_index FROM entries WHERE leaf_index >> 16 = part AND leaf_hash = $1::bytea
                ORDER BY leaf_index LIMIT 1
            ) AS found LIMIT 1
            """
    )

    /// As ``indexOfLeafHash``, from the newest part on.
    private static let indicesOfKeys = PostgresStatement(
        name: "indices_of_keys",
        sql: """
            WITH RECURSIVE parts (part) AS (
                SELECT size >> \(SQLiteSchema.keyPartBits) FROM heads WHERE id = 1
                UNION ALL SELECT part - 1 FROM parts WHERE part > 0
            )
            SELECT found.leaf_index FROM parts CROSS JOIN LATERAL (
                SELECT leaf_index FROM entry_keys
                WHERE entry_keys.part = parts.part AND key = ANY($1::bytea[])
                GROUP BY leaf_index HAVING count(*) >= $2::int8 ORDER BY leaf_index DESC LIMIT $3::int8
            ) AS found LIMIT $3::int8
            """
    )

    private static let record = PostgresStatement(
        name: "record",
        sql: "SELECT \(IssuanceRecord.columns) FROM records WHERE leaf_index = $1::int8"
    )

    private static let uses = PostgresStatement(
        name: "uses",
        sql: """
            SELECT place, uses FROM unnest($1::int8[], $2::bytea[]) WITH ORDINALITY AS sought (expiry, key, place)
            JOIN token_uses USING (expiry, key)
            """
    )
}
