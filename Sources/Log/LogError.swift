public import Transparency

/// Why the log couldn't do what it was asked.
public enum LogError: Error, Equatable, Sendable {
    /// Too much is waiting already: try again later. Nothing was logged.
    case busy
    /// The caller's task was cancelled while the entry waited. Nothing was logged.
    case cancelled
    /// The entry's own leaf maker threw. Nothing was logged.
    case entryRefused
    /// The entry's key has been used as often as it may be: `uses` times. Nothing was logged.
    case usedUp(uses: Int)
    /// The log holds the entry's leaf already, at this index, durable and covered by a stored checkpoint. Nothing was
    /// logged.
    case duplicate(of: LeafIndex)
    /// The clock is this many seconds behind the last entry, more than it may be. Nothing was logged; the log goes on
    /// by itself when the clock is right.
    case clockBehind(seconds: Int64)
    /// The log has reached its largest size. Nothing was logged.
    case full
    /// The store failed. An entry may or may not have been logged; nothing may be issued on the strength of it.
    case unavailable(LogStoreError)
    /// The log's key couldn't sign a checkpoint. Nothing was logged.
    case signingFailed
    /// The log is closed. Nothing was logged.
    case closed
    /// The stored log is damaged. It needs an operator, and takes no more entries.
    case damaged(LogDamage)
    /// A log is in the store already: it can't be created again.
    case exists
    /// A proof or an entry was asked for beyond the end of the log.
    case outsideLog
}

extension LogError {
    /// The store's failure as the log's.
    init(_ error: LogStoreError) {
        self = if case .damaged(let damage) = error { .damaged(damage) } else { .unavailable(error) }
    }
}

extension LogError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .busy: "couldn't append to the log: too many entries are waiting"
        case .cancelled: "couldn't append to the log: the request was cancelled"
        case .entryRefused: "couldn't append to the log: the entry can't be encoded"
        case .usedUp(let uses): "couldn't append to the log: the token has been used \(uses) times already"
        case .duplicate(let index): "couldn't append to the log: it has the entry already, at index \(index)"
        case .clockBehind(let seconds):
            "couldn't append to the log: the clock is \(seconds) seconds behind the last entry"
        case .full: "couldn't append to the log: it has reached its largest size"
        case .unavailable(let error): "couldn't use the log: \(error)"
        case .signingFailed: "couldn't append to the log: its key couldn't sign the checkpoint"
        case .closed: "couldn't use the log: it is closed"
        case .damaged(let damage): "couldn't use the log: \(damage)"
        case .exists: "couldn't create the log: the store has one already"
        case .outsideLog: "couldn't prove: the log is not that large"
        }
    }
}
