public import Log
public import Records
import Synchronization
public import Transparency

/// A store that fails as told, before another store that keeps the rows.
public final class FaultyLogStore: LogStore, RecordStore {
    /// How one append fails.
    public enum Fault: Sendable, Equatable, CaseIterable {
        /// Before anything is locked: nothing is prepared, nothing written.
        case refused
        /// After the batch, if it is one, was made; nothing is written.
        case lost
        /// Everything is written, but reported lost.
        case keptButReportedLost
    }

    private struct Script {
        var appends: [(Fault, LogStoreError)?] = []
        var readsAlways: LogStoreError?
    }

    private let script = Mutex(Script())
    private let store: any LogStore & RecordStore

    /// Fails on behalf of `store`.
    public init(_ store: any LogStore & RecordStore) {
        self.store = store
    }

    /// The next append, or call that adds records, fails so; nil lets one pass.
    public func failAppend(_ fault: Fault?, with error: LogStoreError = .inputOutput(code: 10)) {
        script.withLock { $0.appends.append(fault.map { ($0, error) }) }
    }

    /// All reads outside of appends fail so, until nil is given.
    public func failReads(with error: LogStoreError?) {
        script.withLock { $0.readsAlways = error }
    }

    /// Whether all faults that were asked for have happened.
    public var isDone: Bool { script.withLock { $0.appends.isEmpty } }

    private func read<Value>(
        _ body: (any LogStore & RecordStore) throws(LogStoreError) -> Value
    ) throws(LogStoreError) -> Value {
        if let error = script.withLock({ $0.readsAlways }) { throw error }
        return try body(store)
    }

    /// See ``LogReads/head()``.
    public func head() throws(LogStoreError) -> StoredHead? {
        try read { store throws(LogStoreError) in try store.head() }
    }

    /// See ``LogReads/tile(_:)``.
    public func tile(_ id: TileID) throws(LogStoreError) -> Tile? {
        try read { store throws(LogStoreError) in try store.tile(id) }
    }

    /// See ``LogReads/entries(from:count:)``.
    public func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        try read { store throws(LogStoreError) in try store.entries(from: first, count: count) }
    }

    /// See ``LogReads/index(ofLeafHash:)``.
    public func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? {
        try read { store throws(LogStoreError) in try store.index(ofLeafHash: hash) }
    }

    /// See ``LogReads/indices(ofKeys:needsAll:count:)``.
    public func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] {
        try read { store throws(LogStoreError) in
            try store.indices(ofKeys: keys, needsAll: needsAll, count: count)
        }
    }

    /// See ``LogReads/record(of:)``.
    public func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? {
        try read { store throws(LogStoreError) in try store.record(of: index) }
    }

    /// See ``LogReads/uses(of:)``.
    public func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int {
        try read { store throws(LogStoreError) in try store.uses(of: key) }
    }

    /// See ``LogStore/append(_:)``.
    public func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) {
        guard let (fault, error) = nextFault() else { return try store.append(prepare) }
        switch fault {
        case .refused: break
        case .lost:
            try store.append { locked in
                _ = prepare(locked)
                return nil
            }
        case .keptButReportedLost: try store.append(prepare)
        }
        throw error
    }

    /// See ``LogStore/probe()``.
    public func probe() throws(LogStoreError) {
        try read { store throws(LogStoreError) in try store.probe() }
    }

    /// See ``RecordStore/add(_:)``.
    public func add(_ records: [IssuanceRecord]) throws(LogStoreError) {
        guard let (fault, error) = nextFault() else { return try store.add(records) }
        if fault == .keptButReportedLost { try store.add(records) }
        throw error
    }

    /// See ``RecordStore/add(_:counting:)``.
    public func add(_ record: IssuanceRecord, counting use: UseLimit?) throws(LogStoreError) -> Recording {
        guard let (fault, error) = nextFault() else { return try store.add(record, counting: use) }
        if fault == .keptButReportedLost { _ = try store.add(record, counting: use) }
        throw error
    }

    /// See ``RecordStore/records(matching:before:count:)``.
    public func records(
        matching query: RecordQuery,
        before number: UInt64?,
        count: Int
    ) throws(LogStoreError) -> [StoredRecord] {
        try read { store throws(LogStoreError) in
            try store.records(matching: query, before: number, count: count)
        }
    }

    private func nextFault() -> (Fault, LogStoreError)? {
        script.withLock { $0.appends.isEmpty ? nil : $0.appends.removeFirst() }
    }
}
