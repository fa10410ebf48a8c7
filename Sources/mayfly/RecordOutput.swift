import Glibc
import Log
import Records
import Transparency
import Wire

/// Prints records as they come.
struct RecordOutput {
    private let format: RecordFormat
    private var count = 0
    private var table = TextTable(
        head: ["TIME", "DECISION", "IDENTITY", "ISSUER", "SERIAL", "RULE OR REASON", "INDEX"]
    )

    /// Prints in this format.
    init(format: RecordFormat) {
        self.format = format
    }

    /// Whether nothing was there to print.
    var isEmpty: Bool { count == 0 }

    /// Prints the next records.
    mutating func add(_ records: [StoredRecord]) {
        switch format {
        case .table: table.print(records.map(Self.row))
        case .json:
            for (place, record) in records.enumerated() {
                print(count + place == 0 ? "[" : ",", terminator: "\n")
                print(Self.json(record), terminator: "")
            }
        case .jsonl: for record in records { print(Self.json(record)) }
        case .csv:
            if count == 0 { line(Self.csvHead) }
            for record in records { line(Self.csv(record)) }
        }
        count += records.count
    }

    /// Prints what comes last.
    func finish() {
        if format == .json { print(isEmpty ? "[]" : "\n]") }
        fflush(nil)
    }

    private static func row(_ stored: StoredRecord) -> [String] {
        let record = stored.record
        let grounds = [record.rule, record.reason].compactMap { $0 }.joined(separator: " / ")
        return [
            UTCTime.text(record.timestamp), record.decision.rawValue, record.san ?? "-", record.issuer ?? "-",
            record.serialHex ?? "-", grounds.isEmpty ? "-" : grounds, stored.index.map { "\($0)" } ?? "-",
        ].map(PlainText.escaped)
    }

    /// The columns of the audit record.
    private static func json(_ stored: StoredRecord) -> String {
        PlainText.json(stored.record.json(logIndex: stored.index, certificate: nil, tokenUse: nil))
    }

    private static let csvHead = [
        "time", "decision", "identity", "issuer", "serial", "rule", "reason", "repository", "subject", "logIndex",
        "requestId",
    ]

    private static func csv(_ stored: StoredRecord) -> [String] {
        let record = stored.record
        let cells: [String?] = [
            UTCTime.text(record.timestamp), record.decision.rawValue, record.san, record.issuer, record.serialHex,
            record.rule, record.reason, record.repository, record.subject, stored.index.map { "\($0)" },
            record.requestID.text,
        ]
        return cells.map { $0 ?? "" }
    }

    /// One line of RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    private func line(_ cells: [String]) {
        let fields = cells.map { cell -> String in
            var text = PlainText.escaped(cell)
            if let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) { text = "'" + text }
            // Not by Character: a comma with a combining mark behind it is another one, but to readers still a comma.
            let scalars = text.unicodeScalars
            guard scalars.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
            var quoted = "\""
            for scalar in scalars {
                if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
                quoted.unicodeScalars.append(scalar)
            }
            return quoted + "\""
        }
        print(fields.joined(separator: ","), terminator: "\r\n")
    }
}
