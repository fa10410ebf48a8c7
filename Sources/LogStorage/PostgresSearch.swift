import Log
import Records
import Transparency

/// A search through the records as one statement; ``PostgresSchema`` has the indices.
struct PostgresSearch {
    /// The statement with its parameters; for ``records(in:)``.
    var call: PostgresCall {
        let sql = """
            SELECT \(IssuanceRecord.columns), number, leaf_index FROM records
            WHERE \(conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND "))
            ORDER BY number DESC LIMIT \(count)
            """
        var call = PostgresCall(once: sql)
        for parameter in parameters {
            switch parameter {
            case .text(let text): call.bind(Array(text.utf8))
            case .number(let number): call.bind(number)
            }
        }
        return call
    }

    private enum Parameter {
        case text(String)
        case number(Int64)
    }

    private var conditions: [String] = []
    private var parameters: [Parameter] = []
    private let count: Int

    /// Prepares a search for up to `count` records before `number`, the newest first.
    init(_ query: RecordQuery, before number: UInt64?, count: Int) {
        self.count = min(max(0, count), RecordQuery.limitMax)
        if let number { add("number <", Int64(clamping: number)) }
        if let since = query.since { add("timestamp >=", Int64(clamping: since.milliseconds)) }
        if let until = query.until { add("timestamp <", Int64(clamping: until.milliseconds)) }
        equal("decision", query.decision?.rawValue)
        equal("serial", query.serialHex)
        equal("rule", query.rule)
        equal("reason", query.reason)
        meet("san", query.identity)
        meet("issuer", query.issuer.map { .equal($0) })
        meet("repository", query.repository)
        if !query.subjects.isEmpty {
            let alternatives = query.subjects.map { "subject = \(text($0))" }
            conditions.append("(\(alternatives.joined(separator: " OR ")))")
        }
    }

    /// The records of an answer. Throws `.damaged(.recordUnreadable)`.
    static func records(in rows: PostgresRows) throws(LogStoreError) -> [StoredRecord] {
        var records: [StoredRecord] = []
        for row in 0..<rows.count {
            guard let number = rows.unsigned(row, 14) else { throw .damaged(.recordUnreadable) }
            let index = rows.unsigned(row, 15).map { LeafIndex($0) }
            records.append(StoredRecord(number: number, index: index, record: try IssuanceRecord(rows, row: row)))
        }
        return records
    }

    // MARK: The query as conditions

    private mutating func add(_ condition: String, _ number: Int64) {
        parameters.append(.number(number))
        conditions.append("\(condition) $\(parameters.count)::int8")
    }

    /// A text as it is stored: without zero characters, which PostgreSQL doesn't have.
    private mutating func text(_ text: String) -> String {
        parameters.append(.text(text.replacing("\0", with: "\u{FFFD}")))
        return "$\(parameters.count)::text COLLATE \"C\""
    }

    private mutating func equal(_ column: String, _ wanted: String?) {
        if let wanted { conditions.append("\(column) = \(text(wanted))") }
    }

    private mutating func meet(_ column: String, _ condition: RecordQuery.TextCondition?) {
        switch condition {
        case .equal(let wanted):
            let place = text(wanted)
            conditions.append("left(\(column), 512) = left(\(place), 512) AND \(column) = \(place)")
        case .beginning(let wanted):
            let place = text(wanted)
            // What begins so lies between the text and the text with the last character of all behind it.
            conditions.append("left(\(column), 512) >= left(\(place), 512)")
            conditions.append("left(\(column), 512) <= left(\(place), 512) || repeat(chr(1114111), 4)")
            conditions.append("starts_with(\(column), \(place))")
        case .containing(let wanted): conditions.append("strpos(\(column), \(text(wanted))) > 0")
        case nil: break
        }
    }
}
