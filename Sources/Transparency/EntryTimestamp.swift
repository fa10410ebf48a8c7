/// When a log saw something: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored (RFC 6962 §3.2).
public struct EntryTimestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970.
    public let milliseconds: UInt64

    /// The moment `milliseconds` after 1970 began.
    public init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    /// Whole seconds since 1970, as certificates count.
    public var seconds: Int64 { Int64(clamping: milliseconds / 1000) }

    /// Earlier first.
    public static func < (left: EntryTimestamp, right: EntryTimestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
