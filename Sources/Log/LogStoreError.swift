/// Why a store couldn't do what it was asked.
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
        case .inputOutput(let code): "the log store's disk failed (code \(code))"
        case .corrupt(let code): "the log store is corrupt (code \(code))"
        case .damaged(let damage): "the log store is damaged: \(damage)"
        case .closed: "the log store is closed"
        case .failed(let code): "the log store failed (code \(code))"
        }
    }
}
