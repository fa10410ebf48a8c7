public import Records
public import Transparency

/// What a caller appends. Its place and time are inside the leaf and not known before the log has given them, so the
/// entry carries the function that makes the leaf.
public struct LogEntry: Sendable {
    /// Makes the leaf. Pure and quick: it runs on the log's one writer thread, while the store's head is locked. May
    /// run more than once, with other values; only the last result counts. When it throws, this entry alone is refused
    /// (`LogError.entryRefused`) and uses up no index.
    public let makeLeaf: @Sendable (LeafIndex, EntryTimestamp) throws -> LogLeaf
    /// What was decided, for auditors; kept in the same transaction with the entry's time, no part of the tree.
    public let record: IssuanceRecord?
    /// What is counted in the same transaction, and how often it may be. Beyond that this entry alone is refused
    /// (`LogError.usedUp`) and uses up no index.
    public let use: UseLimit?

    /// The leaf's hash, where the log must not hold the leaf twice: then this entry alone is refused
    /// (`LogError.duplicate`) and uses up no index. Such a leaf depends on neither place nor time.
    public let uniqueHash: MerkleHash?

    /// What the entry is found by, see ``LogReads/indices(ofKeys:needsAll:count:)``; no part of the tree.
    public let keys: Set<SearchKey>

    /// Describes an entry that is still to get its place.
    public init(
        record: IssuanceRecord? = nil,
        use: UseLimit? = nil,
        uniqueHash: MerkleHash? = nil,
        keys: Set<SearchKey> = [],
        makeLeaf: @escaping @Sendable (LeafIndex, EntryTimestamp) throws -> LogLeaf
    ) {
        self.record = record
        self.use = use
        self.uniqueHash = uniqueHash
        self.keys = keys
        self.makeLeaf = makeLeaf
    }
}
