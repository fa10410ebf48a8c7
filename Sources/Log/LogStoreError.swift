/// Why a store couldn't do what it was asked. An engine's `code` is a result code of SQLite, or an SQLSTATE of PostgreSQL
/// read as a number to the base of 36: those begin where SQLite's end.
public enum LogStoreError: Error, Equatable, Sendable {
    /// Another writer held the head for longer than the store waits.
    case busy
    /// No room on the disk.
    case full
    /// The store may be read but not written.
    case readOnly
    /// The disk or the connection failed; `code` is the engine's.
    case inputOutput(code: Int)
    /// The engine found its own structures damaged; `code` is the engine's.
    case corrupt(code: Int)
    /// A row is not what the schema says.
    case damaged(LogDamage)
    /// The store has been closed.
    case closed
    /// Anything else; `code` is the engine's.
    case failed(code: Int)
}

extension LogStoreError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .busy: "the log store is locked by another writer"
        case .full: "the log store's disk is full"
        case .readOnly: "the log store is read-only"
        case .inputOutput(let code): "the log store's disk or connection failed (\(Self.text(code)))"
        case .corrupt(let code): "the log store is corrupt (\(Self.text(code)))"
        case .damaged(let damage): "the log store is damaged: \(damage)"
        case .closed: "the log store is closed"
        case .failed(let code): "the log store failed (\(Self.text(code)))"
        }
    }

    private static func text(_ code: Int) -> String {
        guard code >= 36 * 36 * 36 else { return "code \(code)" }
        let state = String(code, radix: 36, uppercase: true)
        return "SQLSTATE " + String(repeating: "0", count: max(0, 5 - state.count)) + state
    }
}
