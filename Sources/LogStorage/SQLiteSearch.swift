import GRDB
import Log
import Records
import Transparency

/// A search through the records. What it looks up is in an index that has a part for each 1024 records (see
/// ``SQLiteSchema``); it goes through the parts from the newest on and ends when it has found enough. A million records
/// are a thousand looks of a few microseconds each.
struct SQLiteSearch {
    /// A piece of a statement, and the arguments in it.
    private struct Condition {
        let sql: String
        let arguments: [any DatabaseValueConvertible]

        init(_ sql: String, _ arguments: any DatabaseValueConvertible...) {
            self.init(sql: sql, arguments: arguments)
        }

        init(sql: String, arguments: [any DatabaseValueConvertible]) {
            self.sql = sql
            self.arguments = arguments
        }
    }

    /// How the records are found without reading all of them.
    private enum Way {
        /// By an index that has parts.
        case parts(index: String)
        /// Refusals are few, and have an index of their own.
        case refusals
        /// By reading one after the other.
        case reading
    }

    private static let partBits: UInt64 = 10

    private let way: Way
    private let conditions: [Condition]
    private let time: Condition?

    /// Prepares a search.
    init(_ query: RecordQuery) {
        way = Self.way(query)
        time = Self.time(query)
        conditions = Self.conditions(query) + [time].compactMap { $0 }
    }

    /// Up to `count` matching records before `number`, the newest first.
    func records(in db: Database, before number: UInt64?, count: Int) throws -> [StoredRecord] {
        let newest = UInt64(clamping: try Int64.fetchOne(db, sql: "SELECT max(number) FROM records") ?? 0)
        // Numbers are SQLite's own, from 1 on: the sum can't overflow.
        let end = min(newest + 1, number ?? .max)
        let count = min(max(0, count), RecordQuery.limitMax)
        switch way {
        case .refusals:
            return try rows(in: db, from: "records INDEXED BY refusals", Condition("refusal IS NOT NULL"), end, count)
        case .reading:
            return try rows(in: db, from: "records", Condition("TRUE"), end, count)
        case .parts(let index):
            let table = "records INDEXED BY \(index)"
            var found: [StoredRecord] = []
            let parts = try parts(in: db, of: table, end)
            while found.count < count, let part = try parts.next() {
                let condition = Condition("number >> \(Self.partBits) = ?", part)
                found += try rows(in: db, from: table, condition, end, count - found.count)
            }
            return found
        }
    }

    /// The parts with a matching record, from the newest on. The engine looks into a part when it is asked for the next
    /// one; the recursion has one row at a time, and so one order.
    private func parts(in db: Database, of table: String, _ end: UInt64) throws -> FastDatabaseValueCursor<Int64> {
        let part = "number >> \(Self.partBits) = part"
        var conditions = [existing(in: table, [Condition(part)] + conditions + [before(end)])]
        if let time {
            // First, for the other conditions may have many records of other times.
            conditions.insert(existing(in: "records INDEXED BY records_by_time", [Condition(part), time]), at: 0)
        }
        let sql = """
            WITH RECURSIVE parts (part) AS (VALUES (?) UNION ALL SELECT part - 1 FROM parts WHERE part > 0)
            SELECT part FROM parts WHERE \(conditions.map(\.sql).joined(separator: " AND "))
            """
        let newest = Int64(clamping: (max(1, end) - 1) >> Self.partBits)
        let arguments = StatementArguments([newest] + conditions.flatMap(\.arguments))
        return try Int64.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
    }

    private func existing(in table: String, _ conditions: [Condition]) -> Condition {
        let sql = conditions.map(\.sql).joined(separator: " AND ")
        return Condition(
            sql: "EXISTS (SELECT 1 FROM \(table) WHERE \(sql))",
            arguments: conditions.flatMap(\.arguments)
        )
    }

    private func before(_ end: UInt64) -> Condition {
        Condition("number < ?", Int64(clamping: end))
    }

    private func rows(
        in db: Database,
        from table: String,
        _ first: Condition,
        _ end: UInt64,
        _ count: Int
    ) throws -> [StoredRecord] {
        let all = [first] + conditions + [before(end)]
        let sql = """
            SELECT \(IssuanceRecord.columns), number, leaf_index FROM \(table)
            WHERE \(all.map(\.sql).joined(separator: " AND ")) ORDER BY number DESC LIMIT ?
            """
        let arguments = StatementArguments(all.flatMap(\.arguments) + [count])
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        var found: [StoredRecord] = []
        while let row = try cursor.next() {
            guard let number = row.unsigned(at: 14) else { throw LogStoreError.damaged(.recordUnreadable) }
            let index = row.unsigned(at: 15).map { LeafIndex($0) }
            found.append(StoredRecord(number: number, index: index, record: try IssuanceRecord(row: row)))
        }
        return found
    }

    // MARK: The query as conditions

    private static func conditions(_ query: RecordQuery) -> [Condition] {
        var conditions: [Condition] = []
        func add(_ column: String, _ text: String?) {
            if let text { conditions.append(Condition("\(column) = ?", text)) }
        }
        add("decision", query.decision?.rawValue)
        add("issuer", query.issuer)
        add("rule", query.rule)
        add("reason", query.reason)
        if let serial = query.serialHex {
            conditions.append(Condition("substr(serial, 1, 8) = substr(?, 1, 8)", serial))
            // Without the sign SQLite would put the value into the expression before, which then isn't the index's.
            add("+serial", serial)
        }
        for (column, text) in [("san", query.identity), ("repository", query.repository)] {
            switch text {
            case .equal(let wanted): add(column, wanted)
            case .beginning(let wanted): conditions += beginning(column, wanted)
            case .containing(let wanted):
                conditions.append(Condition("\(column) IS NOT NULL AND instr(\(column), ?) > 0", wanted))
            case nil: break
            }
        }
        if !query.subjects.isEmpty {
            let alternatives = query.subjects.map { _ in "subject = ?" }.joined(separator: " OR ")
            conditions.append(Condition(sql: "(\(alternatives))", arguments: query.subjects))
        }
        return conditions
    }

    /// SQLite compares texts by their bytes, and so UTF-8 by its scalars: what begins with a text comes before the text
    /// with its last scalar counted up.
    private static func beginning(_ column: String, _ text: String) -> [Condition] {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            // Past U+D7FF are the surrogates, which no text has.
            guard let next = Unicode.Scalar(last.value == 0xD7FF ? 0xE000 : last.value + 1) else { continue }
            let end = String(String.UnicodeScalarView(scalars + [next]))
            return [Condition("\(column) >= ? AND \(column) < ?", text, end)]
        }
        return [Condition("\(column) >= ?", text)]
    }

    private static func time(_ query: RecordQuery) -> Condition? {
        guard query.since != nil || query.until != nil else { return nil }
        return Condition(
            "timestamp >= ? AND timestamp < ?",
            Int64(clamping: query.since?.milliseconds ?? 0),
            Int64(clamping: query.until?.milliseconds ?? .max)
        )
    }

    /// The way that reads the fewest records, as far as can be known beforehand.
    private static func way(_ query: RecordQuery) -> Way {
        if query.serialHex != nil { return .parts(index: "records_by_serial") }
        if case .equal = query.identity { return .parts(index: "records_by_san") }
        if case .equal = query.repository { return .parts(index: "records_by_repository") }
        if case .beginning = query.identity { return .parts(index: "records_by_san") }
        if case .beginning = query.repository { return .parts(index: "records_by_repository") }
        if query.decision == .refused { return .refusals }
        if query.rule != nil { return .parts(index: "records_by_rule") }
        if query.issuer != nil { return .parts(index: "records_by_issuer") }
        if query.since != nil || query.until != nil { return .parts(index: "records_by_time") }
        if query.identity != nil { return .parts(index: "records_by_san") }
        if query.repository != nil { return .parts(index: "records_by_repository") }
        return .reading
    }
}
