public import Transparency

/// What a copy of the log was compared with before it was put in place.
public struct RestoredLog: Sendable {
    /// How many entries it has.
    public let size: TreeSize
    /// How many the newest checkpoint has that it was compared with; nil when there was none.
    public let newestKnown: TreeSize?
    /// Where the database is that was in place before; nil when there was none.
    public let replaced: String?
}
