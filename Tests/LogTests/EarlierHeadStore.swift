import Log
import Records
import Transparency

/// A store whose head may be read as it was before another writer appended.
struct EarlierHeadStore: LogStore {
    private let store: any LogStore
    private let earlier: @Sendable () -> StoredHead?

    /// `earlier` gives the head that was, or nil for the one that is.
    init(_ store: any LogStore, earlier: @escaping @Sendable () -> StoredHead?) {
        self.store = store
        self.earlier = earlier
    }

    func head() throws(LogStoreError) -> StoredHead? {
        if let head = earlier() { head } else { try store.head() }
    }
    func tile(_ id: TileID) throws(LogStoreError) -> Tile? { try store.tile(id) }
    func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        try store.entries(from: first, count: count)
    }
    func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? { try store.index(ofLeafHash: hash) }
    func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] { try store.indices(ofKeys: keys, needsAll: needsAll, count: count) }
    func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? { try store.record(of: index) }
    func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int { try store.uses(of: key) }
    func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) { try store.append(prepare) }
    func probe() throws(LogStoreError) { try store.probe() }
}
