public import Records
public import Transparency

/// What one transaction adds to a store: all of it or nothing.
public struct LogBatch: Sendable, Equatable {
    /// One new entry.
    public struct Entry: Sendable, Equatable {
        /// The entry; indices continue where the store ends, without a gap.
        public let entry: StoredEntry
        /// What was decided; its time is the entry's.
        public let record: IssuanceRecord?

        /// What it is found by.
        public let keys: Set<SearchKey>

        /// Puts the parts together.
        public init(entry: StoredEntry, record: IssuanceRecord?, keys: Set<SearchKey> = []) {
            self.entry = entry
            self.record = record
            self.keys = keys
        }
    }

    /// The new entries, in order; none when a log's first head is stored.
    public let entries: [Entry]
    /// The hash tiles that are new or have grown, each once. One replaces the stored tile of its level and index.
    public let tiles: [Tile]
    /// How often each key that the entries carry has been used then: totals that replace the stored ones, so that the
    /// same batch stored twice says the same.
    public let uses: [UseLimit.Key: Int]
    /// The head that covers the entries; replaces the stored head.
    public let head: StoredHead

    /// Puts the parts together.
    public init(entries: [Entry], tiles: [Tile], uses: [UseLimit.Key: Int] = [:], head: StoredHead) {
        self.entries = entries
        self.tiles = tiles
        self.uses = uses
        self.head = head
    }
}
