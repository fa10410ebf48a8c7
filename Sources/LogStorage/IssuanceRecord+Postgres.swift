import Keys
import Log
import Records
import Transparency

extension IssuanceRecord {
    /// Reads ``columns`` from a row. Throws `.damaged(.recordUnreadable)` when one that is always there is not.
    init(_ rows: PostgresRows, row: Int) throws(LogStoreError) {
        guard let decision = rows.text(row, 0).flatMap(Decision.init(rawValue:)),
            let milliseconds = rows.unsigned(row, 1), let requestID = rows.text(row, 2)
        else { throw .damaged(.recordUnreadable) }
        self.init(decision, RequestID(text: requestID), at: EntryTimestamp(milliseconds: milliseconds))
        issuer = rows.text(row, 3)
        issuerType = rows.text(row, 4)
        subject = rows.text(row, 5)
        san = rows.text(row, 6)
        rule = rows.text(row, 7)
        reason = rows.text(row, 8)
        serialHex = rows.text(row, 9)
        precertificate = SHA256Digest(bytes: rows.bytes(row, 10))
        notBeforeSeconds = rows.signed(row, 11)
        keyID = rows.text(row, 12)
        repository = rows.text(row, 13)
    }

    /// The types of ``columns``, as arrays, for the parameters from `first` on.
    static func parameters(from first: Int) -> String {
        let types = ["text", "int8"] + [String](repeating: "text", count: 8) + ["bytea", "int8", "text", "text"]
        return types.enumerated().map { "$\(first + $0)::\($1)[]" }.joined(separator: ", ")
    }

    /// Binds an array for each of ``columns``.
    static func bind(_ records: [IssuanceRecord], to call: inout PostgresCall) {
        call.bind(records.map(\.decision.rawValue))
        call.bind(records.map { Int64(clamping: $0.timestamp.milliseconds) })
        call.bind(records.map(\.requestID.text))
        call.bind(records.map(\.issuer))
        call.bind(records.map(\.issuerType))
        call.bind(records.map(\.subject))
        call.bind(records.map(\.san))
        call.bind(records.map(\.rule))
        call.bind(records.map(\.reason))
        call.bind(records.map(\.serialHex))
        call.bind(records.map { $0.precertificate?.bytes })
        call.bind(records.map(\.notBeforeSeconds))
        call.bind(records.map(\.keyID))
        call.bind(records.map(\.repository))
    }
}
