import Dispatch
import LogTestKit
import Records
import Synchronization
import Transparency

@testable import Log

/// Holds the first append back until a test lets it go, so that what arrives meanwhile is certain.
final class Gate: Sendable {
    private let holds = DispatchSemaphore(value: 0)
    private let isFirst = Atomic(true)
    private let arrival = AsyncStream<Void>.makeStream()

    /// Waits until the first append is being stored.
    func entered() async {
        for await _ in arrival.stream { return }
    }

    /// Waits until `count` entries are queued behind it.
    func queued(_ count: Int, in sequencer: Sequencer) async {
        while sequencer.queueCount < count { await Task.yield() }
    }

    func open() {
        holds.signal()
    }

    fileprivate func pass() {
        guard isFirst.exchange(false, ordering: .relaxed) else { return }
        arrival.continuation.yield()
        holds.wait()
    }
}

/// A store behind a gate.
struct GatedLogStore: LogStore {
    private let store: any LogStore
    private let gate: Gate

    init(_ store: any LogStore, _ gate: Gate) {
        self.store = store
        self.gate = gate
    }

    func head() throws(LogStoreError) -> StoredHead? { try store.head() }
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
    func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) {
        gate.pass()
        try store.append(prepare)
    }
    func probe() throws(LogStoreError) { try store.probe() }
}
