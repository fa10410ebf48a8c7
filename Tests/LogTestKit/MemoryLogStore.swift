public import Log
public import Records
import Synchronization
public import Transparency

/// A log in memory: keeps ``LogStore``'s contract, but for durability.
public final class MemoryLogStore: LogStore, RecordStore {
    /// The rows. Tests change them to see damage found.
    public struct Contents: LogReads, Sendable, Equatable {
        /// The one head.
        public var stored: StoredHead?
        /// By place.
        public var rows: [StoredEntry] = []
        /// In the order in which they came, with the place of their entry.
        public var records: [RecordRow] = []
        /// How often keys have been used.
        public var uses: [UseLimit.Key: Int] = [:]
        /// The entries that have a key, in order.
        public var keys: [SearchKey: [LeafIndex]] = [:]
        /// By level and index.
        public var tiles: [[UInt64]: [UInt8]] = [:]
        /// The first entry with a leaf hash.
        public var places: [MerkleHash: LeafIndex] = [:]

        /// A record, and the place of the entry that carries it.
        public struct RecordRow: Sendable, Equatable {
            var number: UInt64
            var index: LeafIndex?
            var record: IssuanceRecord
        }

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

        /// See ``LogReads/indices(ofKeys:needsAll:count:)``.
        public func indices(ofKeys sought: Set<SearchKey>, needsAll: Bool, count: Int) -> [LeafIndex] {
            let sets = sought.map { Set(keys[$0] ?? []) }
            let found = sets.dropFirst().reduce(sets.first ?? []) { needsAll ? $0.intersection($1) : $0.union($1) }
            return Array(found.sorted(by: >).prefix(max(0, count)))
        }

        /// See ``LogReads/record(of:)``.
        public func record(of index: LeafIndex) -> IssuanceRecord? { records.first { $0.index == index }?.record }

        /// See ``LogReads/uses(of:)``.
        public func uses(of key: UseLimit.Key) -> Int { uses[key] ?? 0 }

        mutating func add(_ batch: LogBatch) {
            for row in batch.entries {
                rows.append(row.entry)
                if let record = row.record { append(record, index: row.entry.index) }
                for key in row.keys { keys[key, default: []].append(row.entry.index) }
                if places[row.entry.leafHash] == nil { places[row.entry.leafHash] = row.entry.index }
            }
            for tile in batch.tiles {
                tiles[[UInt64(tile.id.level), tile.id.index]] = tile.bytes
            }
            setUses(batch.uses, now: batch.head.tree.timestamp)
            stored = batch.head
        }

        private mutating func append(_ record: IssuanceRecord, index: LeafIndex?) {
            records.append(RecordRow(number: (records.last?.number ?? 0) + 1, index: index, record: record))
        }

        mutating func setUses(_ totals: [UseLimit.Key: Int], now: EntryTimestamp) {
            uses = uses.merging(totals) { $1 }.filter { $0.key.expirySeconds >= now.seconds - 86_400 }
        }

        mutating func add(_ record: IssuanceRecord, refusalsMax: Int) {
            let isRefusal = { (row: RecordRow) in row.record.decision == .refused }
            if record.decision == .refused {
                guard !records.contains(where: { isRefusal($0) && $0.record.requestID == record.requestID }) else {
                    return
                }
            }
            append(record, index: nil)
            if records.count(where: isRefusal) > refusalsMax, let oldest = records.firstIndex(where: isRefusal) {
                records.remove(at: oldest)
            }
        }
    }

    /// Held while a batch is prepared; readers don't need it.
    private let writing = Mutex(())
    private let contents: Mutex<Contents>
    private let refusalsMax: Int

    /// An empty store, or one with rows.
    public init(_ contents: Contents = Contents(), refusalsMax: Int = 100_000) {
        self.contents = Mutex(contents)
        self.refusalsMax = refusalsMax
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

    /// See ``LogReads/indices(ofKeys:needsAll:count:)``.
    public func indices(ofKeys keys: Set<SearchKey>, needsAll: Bool, count: Int) -> [LeafIndex] {
        snapshot().indices(ofKeys: keys, needsAll: needsAll, count: count)
    }

    /// See ``LogReads/record(of:)``.
    public func record(of index: LeafIndex) -> IssuanceRecord? { snapshot().record(of: index) }

    /// See ``LogReads/uses(of:)``.
    public func uses(of key: UseLimit.Key) -> Int { snapshot().uses(of: key) }

    /// See ``LogStore/append(_:)``.
    public func append(_ prepare: (any LogReads) -> LogBatch?) {
        writing.withLock { _ in
            guard let batch = prepare(snapshot()) else { return }
            contents.withLock { $0.add(batch) }
        }
    }

    /// See ``LogStore/probe()``.
    public func probe() {}

    /// See ``RecordStore/add(_:)``.
    public func add(_ records: [IssuanceRecord]) {
        writing.withLock { _ in
            contents.withLock { contents in
                for record in records { contents.add(record, refusalsMax: refusalsMax) }
            }
        }
    }

    /// See ``RecordStore/add(_:counting:)``.
    public func add(_ record: IssuanceRecord, counting use: UseLimit?) -> Recording {
        writing.withLock { _ in
            contents.withLock { contents in
                var next: Int?
                if let use {
                    let before = contents.uses(of: use.key)
                    next = use.next(after: before)
                    guard let next else { return .usedUp(uses: before) }
                    contents.setUses([use.key: next], now: record.timestamp)
                }
                contents.add(record, refusalsMax: refusalsMax)
                return .added(use: next)
            }
        }
    }

    /// See ``RecordStore/records(matching:before:count:)``.
    public func records(matching query: RecordQuery, before number: UInt64?, count: Int) -> [StoredRecord] {
        let rows = snapshot().records.reversed().lazy.filter { $0.number < number ?? .max && query.matches($0.record) }
        return rows.prefix(min(max(0, count), RecordQuery.limitMax)).map {
            StoredRecord(number: $0.number, index: $0.index, record: $0.record)
        }
    }
}
