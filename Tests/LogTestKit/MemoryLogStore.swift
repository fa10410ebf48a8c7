public import Log
import Synchronization
public import Transparency

/// A log in memory: keeps ``LogStore``'s contract, but for durability.
public final class MemoryLogStore: LogStore {
    /// The rows. Tests change them to see damage found.
    public struct Contents: LogReads, Sendable, Equatable {
        /// The one head.
        public var stored: StoredHead?
        /// By place.
        public var rows: [StoredEntry] = []
        /// By place; only entries that came with any.
        public var search: [LeafIndex: SearchColumns] = [:]
        /// By level and index.
        public var tiles: [[UInt64]: [UInt8]] = [:]
        /// The first entry with a leaf hash.
        public var places: [MerkleHash: LeafIndex] = [:]

        /// No rows.
        public init() {}

        /// See ``LogReads/head()``.
        public func head() -> StoredHead? { stored }

        /// See ``LogReads/tile(_:)``.
        public func tile(_ id: TileID) -> Tile? {
            tiles[[UInt64(id.level), id.index]].flatMap { try? Tile(id: id, bytes: $0) }
        }

        /// See ``LogReads/entries(from:count:)``.
        public func entries(from first: LeafIndex, count: Int) -> [StoredEntry] {
            guard count > 0, first.value < UInt64(rows.count) else { return [] }
            return Array(rows[Int(first.value)...].prefix(count))
        }

        /// See ``LogReads/index(ofLeafHash:)``.
        public func index(ofLeafHash hash: MerkleHash) -> LeafIndex? { places[hash] }

        /// See ``LogReads/searchColumns(of:)``.
        public func searchColumns(of index: LeafIndex) -> SearchColumns? { search[index] }

        mutating func add(_ batch: LogBatch) {
            for row in batch.entries {
                rows.append(row.entry)
                search[row.entry.index] = row.search
                if places[row.entry.leafHash] == nil { places[row.entry.leafHash] = row.entry.index }
            }
            for tile in batch.tiles {
                tiles[[UInt64(tile.id.level), tile.id.index]] = tile.bytes
            }
            stored = batch.head
        }
    }

    /// Held while a batch is prepared; readers don't need it.
    private let writing = Mutex(())
    private let contents: Mutex<Contents>

    /// An empty store, or one with rows.
    public init(_ contents: Contents = Contents()) {
        self.contents = Mutex(contents)
    }

    /// The rows as they are now.
    public func snapshot() -> Contents { contents.withLock { $0 } }

    /// Changes rows behind the log's back.
    public func tamper(_ change: (inout Contents) -> Void) {
        contents.withLock { change(&$0) }
    }

    /// See ``LogReads/head()``.
    public func head() -> StoredHead? { snapshot().head() }

    /// See ``LogReads/tile(_:)``.
    public func tile(_ id: TileID) -> Tile? { snapshot().tile(id) }

    /// See ``LogReads/entries(from:count:)``.
    public func entries(from first: LeafIndex, count: Int) -> [StoredEntry] {
        snapshot().entries(from: first, count: count)
    }

    /// See ``LogReads/index(ofLeafHash:)``.
    public func index(ofLeafHash hash: MerkleHash) -> LeafIndex? { snapshot().index(ofLeafHash: hash) }

    /// See ``LogReads/searchColumns(of:)``.
    public func searchColumns(of index: LeafIndex) -> SearchColumns? { snapshot().searchColumns(of: index) }

    /// See ``LogStore/append(_:)``.
    public func append(_ prepare: (any LogReads) -> LogBatch?) {
        writing.withLock { _ in
            guard let batch = prepare(snapshot()) else { return }
            contents.withLock { $0.add(batch) }
        }
    }

    /// See ``LogStore/probe()``.
    public func probe() {}
}
