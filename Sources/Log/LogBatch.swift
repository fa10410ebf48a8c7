public import Transparency

/// What one transaction adds to a store: all of it or nothing.
public struct LogBatch: Sendable, Equatable {
    /// One new entry.
    public struct Entry: Sendable, Equatable {
        /// The entry; indices continue where the store ends, without a gap.
        public let entry: StoredEntry
        /// What auditors search by.
        public let search: SearchColumns?

        /// Puts the parts together.
        public init(entry: StoredEntry, search: SearchColumns?) {
            self.entry = entry
            self.search = search
        }
    }

    /// The new entries, in order; none when a log's first head is stored.
    public let entries: [Entry]
    /// The hash tiles that are new or have grown, each once. One replaces the stored tile of its level and index.
    public let tiles: [Tile]
    /// The head that covers the entries; replaces the stored head.
    public let head: StoredHead

    /// Puts the parts together.
    public init(entries: [Entry], tiles: [Tile], head: StoredHead) {
        self.entries = entries
        self.tiles = tiles
        self.head = head
    }
}
