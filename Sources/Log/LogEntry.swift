public import Transparency

/// What a caller appends. Its place and time are inside the leaf and not known before the log has given them, so the
/// entry carries the function that makes the leaf.
public struct LogEntry: Sendable {
    /// Makes the leaf. Pure and quick: it runs on the log's one writer thread, while the store's head is locked. May
    /// run more than once, with other values; only the last result counts. When it throws, this entry alone is refused
    /// (`LogError.entryRefused`) and uses up no index.
    public let makeLeaf: @Sendable (LeafIndex, EntryTimestamp) throws -> LogLeaf
    /// What auditors search by; kept in the same transaction, no part of the tree.
    public let search: SearchColumns?

    /// Describes an entry that is still to get its place.
    public init(
        search: SearchColumns? = nil,
        makeLeaf: @escaping @Sendable (LeafIndex, EntryTimestamp) throws -> LogLeaf
    ) {
        self.search = search
        self.makeLeaf = makeLeaf
    }
}
