/// Names one call of `append`.
struct Ticket: Sendable, Hashable {
    let number: UInt64
}

/// An entry that waits for its place, and who waits with it.
struct Pending<Waiter: Sendable>: Sendable {
    let ticket: Ticket
    let entry: LogEntry
    let waiter: Waiter
}

/// What a waiter is told.
struct Answer<Waiter: Sendable>: Sendable {
    let waiter: Waiter
    let result: Result<SequencedEntry, LogError>
}
