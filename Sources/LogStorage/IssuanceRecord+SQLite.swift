import GRDB
import Keys
import Log
import Records
import Transparency

extension IssuanceRecord {
    /// The columns of a record in the table, in the order of `init(row:)` and `bind(to:from:)`.
    static let columns = """
        decision, timestamp, request_id, issuer, issuer_type, subject, san, rule, reason, serial, precertificate,
        not_before, key_id, repository
        """

    /// Reads these columns. Throws `.damaged(.recordUnreadable)` when one that is always there is not.
    init(row: Row) throws(LogStoreError) {
        guard let decision = row.text(at: 0).flatMap(Decision.init(rawValue:)),
            let milliseconds = row.unsigned(at: 1), let requestID = row.text(at: 2)
        else { throw .damaged(.recordUnreadable) }
        self.init(decision, RequestID(text: requestID), at: EntryTimestamp(milliseconds: milliseconds))
        issuer = row.text(at: 3)
        issuerType = row.text(at: 4)
        subject = row.text(at: 5)
        san = row.text(at: 6)
        rule = row.text(at: 7)
        reason = row.text(at: 8)
        serialHex = row.text(at: 9)
        precertificate = SHA256Digest(bytes: row.bytes(at: 10))
        notBeforeSeconds = row.signed(at: 11)
        keyID = row.text(at: 12)
        repository = row.text(at: 13)
    }

    /// Binds these columns to the parameters from `first` on.
    func bind(to statement: HotStatement, from first: Int32) throws {
        try statement.bind(decision.rawValue, at: first)
        try statement.bind(Int64(clamping: timestamp.milliseconds), at: first + 1)
        let texts = [requestID.text, issuer, issuerType, subject, san, rule, reason, serialHex]
        for (offset, text) in zip(Int32(2)..., texts) { try statement.bind(text, at: first + offset) }
        try statement.bind(precertificate?.bytes, at: first + 10)
        try statement.bind(notBeforeSeconds, at: first + 11)
        try statement.bind(keyID, at: first + 12)
        try statement.bind(repository, at: first + 13)
    }
}
