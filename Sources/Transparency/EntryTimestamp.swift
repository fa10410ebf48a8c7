/// When a log saw something: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored (RFC 6962 §3.2).
public struct EntryTimestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970.
    public let milliseconds: UInt64

    /// The moment `milliseconds` after 1970 began.
    public init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    /// Earlier first.
    public static func < (left: EntryTimestamp, right: EntryTimestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
