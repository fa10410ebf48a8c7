import Log
import LogStorage
import LogTestKit
import Transparency

/// A log in an SQLite database, opened.
struct StoredLog {
    let store: SQLiteLogStore
    let signer: TestSigner
    let sequencer: Sequencer

    /// A new log at `path`, or the one that is there.
    init(
        at path: String,
        isNew: Bool = true,
        signer: TestSigner = TestSigner(),
        clock: TestClock = TestClock()
    ) throws {
        let store = isNew ? try SQLiteLogStore.create(at: path) : try SQLiteLogStore.open(at: path)
        if isNew { try Sequencer.create(in: store, signer: signer, clock: clock.now) }
        try self.init(store, signer: signer, clock: clock)
    }

    /// The log in a store.
    init(_ store: SQLiteLogStore, signer: TestSigner, clock: TestClock = TestClock()) throws {
        self.store = store
        self.signer = signer
        sequencer = try Sequencer.open(store, signer: signer, merkleLeaf: TestLeaf.read, clock: clock.now)
    }

    /// Throws unless the whole log is in order and no size was signed twice; returns its size.
    @discardableResult
    func audit() throws -> UInt64 {
        let head = try LogAudit.run(store, signer: signer, merkleLeaf: TestLeaf.read)
        guard signer.forks.isEmpty else { throw LogDamage.forked(at: signer.forks[0]) }
        return head.tree.size.value
    }

    func append(_ text: String) async throws -> SequencedEntry {
        try await sequencer.append(TestLeaf.entry(text))
    }

    func append(_ count: Int, byteCount: Int = 0) async throws {
        for number in 0..<count {
            _ = try await sequencer.append(TestLeaf.entry("\(number)", byteCount: byteCount))
        }
    }

    func close() async throws {
        await sequencer.close()
        try store.close()
    }
}
