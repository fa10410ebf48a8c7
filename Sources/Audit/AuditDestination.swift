/// Where lines go. Called by the sink's one thread, which it may block.
protocol AuditDestination: Sendable {
    /// Hands lines over; for each line the error, or nil. Opens again what was lost.
    mutating func write(_ lines: [[UInt8]]) -> [AuditError?]
    /// Whether a line could be written now, as far as that shows without writing one.
    mutating func probe() -> AuditError?
    /// Lets go of what is open, so that the next line opens it again.
    mutating func release()
}
