import Log
import Records
import Transparency

/// The statements that write: put together here, and sent by the store in one round trip.
enum PostgresWrites {
    /// All rows of a batch. `isFirst` says that no head is stored yet.
    static func add(_ batch: LogBatch, isFirst: Bool) throws(LogStoreError) -> [PostgresCall] {
        var calls: [PostgresCall] = []
        if !batch.entries.isEmpty { calls.append(try addEntries(batch.entries.map(\.entry))) }
        if let call = try addKeys(batch.entries) { calls.append(call) }
        let recorded = batch.entries.filter { $0.record != nil }
        if !recorded.isEmpty {
            var call = PostgresCall(addEntryRecords)
            call.bind(try numbers(recorded.map(\.entry.index.value)))
            IssuanceRecord.bind(recorded.compactMap(\.record), to: &call)
            calls.append(call)
        }
        calls += setUses(batch.uses, now: batch.head.tree.timestamp)
        if !batch.tiles.isEmpty { calls.append(try replaceTiles(batch.tiles)) }
        calls.append(try replaceHead(batch.head, isFirst: isFirst))
        return calls
    }

    private static func addEntries(_ entries: [StoredEntry]) throws(LogStoreError) -> PostgresCall {
        var call = PostgresCall(addEntries)
        call.bind(try numbers(entries.map(\.index.value)))
        call.bind(try numbers(entries.map(\.timestamp.milliseconds)))
        call.bind(entries.map(\.leafHash.bytes))
        call.bind(entries.map(\.stored))
        return call
    }

    private static let addEntries = PostgresStatement(
        name: "add_entries",
        sql: """
            INSERT INTO entries (leaf_index, timestamp, leaf_hash, stored)
            SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[], $4::bytea[])
            """
    )

    private static func addKeys(_ entries: [LogBatch.Entry]) throws(LogStoreError) -> PostgresCall? {
        var indices: [UInt64] = []
        var keys: [[UInt8]] = []
        for entry in entries {
            for key in entry.keys {
                indices.append(entry.entry.index.value)
                keys.append(key.bytes)
            }
        }
        guard !keys.isEmpty else { return nil }
        var call = PostgresCall(addKeys)
        call.bind(try numbers(indices))
        call.bind(keys)
        return call
    }

    private static let addKeys = PostgresStatement(
        name: "add_keys",
        sql: """
            INSERT INTO entry_keys (part, key, leaf_index)
            SELECT leaf_index >> \(SQLiteSchema.keyPartBits), key, leaf_index
            FROM unnest($1::int8[], $2::bytea[]) AS added (leaf_index, key)
            """
    )

    private static let addEntryRecords = PostgresStatement(
        name: "add_entry_records",
        sql: """
            INSERT INTO records (leaf_index, \(IssuanceRecord.columns))
            SELECT * FROM unnest($1::int8[], \(IssuanceRecord.parameters(from: 2)))
            """
    )

    /// Adds records that no entry carries; of the refusals the newest `refusalsMax` stay. For a transaction that holds
    /// the lock of these records: the numbers of refusals have no gaps.
    static func add(_ records: [IssuanceRecord], refusalsMax: Int) -> [PostgresCall] {
        // A statement doesn't see what it adds itself.
        var seen: Set<String> = []
        let once = records.filter { $0.decision != .refused || seen.insert($0.requestID.text).inserted }
        guard !once.isEmpty else { return [] }
        var insert = PostgresCall(addRecords)
        IssuanceRecord.bind(once, to: &insert)
        var forget = PostgresCall(forgetRefusals)
        forget.bind(Int64(refusalsMax))
        return [insert, forget]
    }

    private static let addRecords = PostgresStatement(
        name: "add_records",
        sql: """
            INSERT INTO records (refusal, \(IssuanceRecord.columns))
            SELECT CASE decision WHEN 'refused' THEN
                    (SELECT coalesce(max(refusal), 0) FROM records WHERE refusal IS NOT NULL)
                    + count(*) FILTER (WHERE decision = 'refused') OVER (ORDER BY place)
                END, \(IssuanceRecord.columns)
            FROM unnest(\(IssuanceRecord.parameters(from: 1))) WITH ORDINALITY
                AS added (\(IssuanceRecord.columns), place)
            WHERE decision <> 'refused' OR NOT EXISTS (
                SELECT FROM records WHERE request_id = added.request_id AND refusal IS NOT NULL
            )
            ORDER BY place
            """
    )

    private static let forgetRefusals = PostgresStatement(
        name: "forget_refusals",
        sql: """
            DELETE FROM records WHERE refusal <=
                (SELECT max(refusal) FROM records WHERE refusal IS NOT NULL) - $1::int8
            """
    )

    /// Stores totals, and forgets keys that expired more than a day ago: as ``SQLiteWrites/setUses(_:now:)``.
    static func setUses(_ uses: [UseLimit.Key: Int], now: EntryTimestamp) -> [PostgresCall] {
        var forget = PostgresCall(forgetUses)
        forget.bind(now.seconds - SQLiteWrites.keptSeconds)
        forget.bind(Int64(2 * uses.count + SQLiteWrites.forgottenMin))
        guard !uses.isEmpty else { return [forget] }
        var set = PostgresCall(setUses)
        let sorted = uses.sorted { $0.key.expirySeconds < $1.key.expirySeconds }
        set.bind(sorted.map(\.key.expirySeconds))
        set.bind(sorted.map(\.key.digest.bytes))
        set.bind(sorted.map { Int64($0.value) })
        return [set, forget]
    }

    private static let setUses = PostgresStatement(
        name: "set_uses",
        sql: """
            INSERT INTO token_uses (expiry, key, uses) SELECT * FROM unnest($1::int8[], $2::bytea[], $3::int8[])
            ON CONFLICT (expiry, key) DO UPDATE SET uses = excluded.uses
            """
    )

    private static let forgetUses = PostgresStatement(
        name: "forget_uses",
        sql: """
            DELETE FROM token_uses WHERE (expiry, key) IN
                (SELECT expiry, key FROM token_uses WHERE expiry < $1::int8 ORDER BY expiry, key LIMIT $2::int8)
            """
    )

    private static func replaceTiles(_ tiles: [Tile]) throws(LogStoreError) -> PostgresCall {
        var call = PostgresCall(replaceTiles)
        call.bind(tiles.map { Int64($0.id.level) })
        call.bind(try numbers(tiles.map(\.id.index)))
        call.bind(tiles.map { Int64($0.id.width) })
        call.bind(tiles.map(\.bytes))
        return call
    }

    private static let replaceTiles = PostgresStatement(
        name: "replace_tiles",
        sql: """
            INSERT INTO tiles (level, tile_index, width, hashes)
            SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::bytea[])
            ON CONFLICT (level, tile_index) DO UPDATE SET width = excluded.width, hashes = excluded.hashes
            """
    )

    private static func replaceHead(_ head: StoredHead, isFirst: Bool) throws(LogStoreError) -> PostgresCall {
        var call = PostgresCall(isFirst ? addHead : replaceHead)
        call.bind(try number(head.tree.size.value))
        call.bind(head.tree.root.bytes)
        call.bind(try number(head.tree.timestamp.milliseconds))
        call.bind(head.checkpoint)
        return call
    }

    private static let addHead = PostgresStatement(
        name: "add_head",
        sql: """
            INSERT INTO heads (id, size, root, timestamp, checkpoint)
            VALUES (1, $1::int8, $2::bytea, $3::int8, $4::bytea)
            """
    )

    private static let replaceHead = PostgresStatement(
        name: "replace_head",
        sql: """
            UPDATE heads SET size = $1::int8, root = $2::bytea, timestamp = $3::int8, checkpoint = $4::bytea
            WHERE id = 1
            """
    )

    /// PostgreSQL's integers are signed. 22003 is numeric_value_out_of_range.
    private static func number(_ value: UInt64) throws(LogStoreError) -> Int64 {
        guard let number = Int64(exactly: value) else { throw LogStoreError(sqlState: "22003") }
        return number
    }

    private static func numbers(_ values: [UInt64]) throws(LogStoreError) -> [Int64] {
        var numbers: [Int64] = []
        for value in values { numbers.append(try number(value)) }
        return numbers
    }
}
