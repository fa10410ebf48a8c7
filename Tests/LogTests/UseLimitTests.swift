import Keys
import LogTestKit
import Records
import Testing
import Transparency

@testable import Log

@Suite("A token gets as many entries as it may, through every failure", .timeLimit(.minutes(1)))
struct UseLimitTests {
    private static func limit(_ text: String, usesMax: Int?) -> UseLimit {
        UseLimit(key: SHA256Digest(hashing: Array(text.utf8)), usesMax: usesMax, expirySeconds: 1_700_000_600)
    }

    private let once = limit("once", usesMax: 1)

    @Test func entryBeyondTheLimitIsRefusedAloneAndTakesNoIndex() async throws {
        let log = try OpenLog()
        let twice = Self.limit("twice", usesMax: 2)
        #expect(try await log.append(TestLeaf.entry("a", use: twice)).get().use == 1)
        #expect(try await log.append(TestLeaf.entry("b", use: twice)).get().use == 2)
        #expect(await log.append(TestLeaf.entry("c", use: twice)) == .failure(.usedUp(uses: 2)))
        let other = try await log.append(TestLeaf.entry("d", use: once)).get()
        #expect(other.index == LeafIndex(2))
        #expect(other.use == 1)
        #expect(try await log.append("e").get().use == nil)
        #expect(try log.audit() == ["a", "b", "d", "e"])
    }

    @Test func withoutAMaximumUsesAreCountedOnly() async throws {
        let log = try OpenLog()
        let free = Self.limit("free", usesMax: nil)
        for use in 1...5 { #expect(try await log.append(TestLeaf.entry("\(use)", use: free)).get().use == use) }
        let none = TestLeaf.entry("x", use: Self.limit("none", usesMax: 0))
        #expect(await log.append(none) == .failure(.usedUp(uses: 0)))
        #expect(free.next(after: .max) == nil)
    }

    @Test func inOneBatchTheFirstWins() async throws {
        struct TooLong: Error {}
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        // An entry that can't be encoded leaves its use to the next.
        async let bad = log.append(LogEntry(use: once) { _, _ in throw TooLong() })
        await gate.queued(1, in: log.sequencer)
        async let winner = log.append(TestLeaf.entry("winner", use: once))
        await gate.queued(2, in: log.sequencer)
        async let loser = log.append(TestLeaf.entry("loser", use: once))
        await gate.queued(3, in: log.sequencer)
        async let last = log.append("last")
        await gate.queued(4, in: log.sequencer)
        gate.open()
        _ = try await first.get()
        #expect(await bad == .failure(.entryRefused))
        #expect(try await winner.get().use == 1)
        #expect(await loser == .failure(.usedUp(uses: 1)))
        #expect(try await last.get().index == LeafIndex(2))
        #expect(try log.audit() == ["first", "winner", "last"])
    }

    @Test func restartGivesNoUseBack() async throws {
        let log = try OpenLog()
        _ = try await log.append(TestLeaf.entry("a", use: once)).get()
        await log.sequencer.close()
        let next = try OpenLog(memory: log.memory, signer: log.signer)
        #expect(await next.append(TestLeaf.entry("b", use: once)) == .failure(.usedUp(uses: 1)))
        #expect(try next.audit() == ["a"])
    }

    /// What becomes of a use whose write fails: it is gone exactly when the entry is in the log.
    @Test(arguments: FaultyLogStore.Fault.allCases, [true, false])
    func useIsCountedWithItsEntry(_ fault: FaultyLogStore.Fault, isReadable: Bool) async throws {
        let log = try OpenLog()
        log.faulty.failAppend(fault, with: .full)
        if !isReadable { log.faulty.failReads(with: .busy) }
        let during = await log.append(TestLeaf.entry("during", use: once))
        #expect((try? during.get().use) == (fault == .keptButReportedLost && isReadable ? 1 : nil))
        log.faulty.failReads(with: nil)
        let after = await log.append(TestLeaf.entry("after", use: once))
        // A lost batch was signed and is stored before all else, so its use stands.
        #expect((try? after.get().use) == (fault == .refused ? 1 : nil))
        if fault != .refused { #expect(after == .failure(.usedUp(uses: 1))) }
        #expect(try log.audit() == (fault == .refused ? ["after"] : ["during"]))
        #expect(log.memory.uses(of: once.key) == 1)
    }

    @Test func batchThatIsLostAgainAndAgainCountsOnce() async throws {
        let log = try OpenLog()
        let free = Self.limit("free", usesMax: nil)
        _ = try await log.append(TestLeaf.entry("a", use: free)).get()
        for _ in 0..<3 { log.faulty.failAppend(.lost, with: .full) }
        log.faulty.failAppend(.keptButReportedLost, with: .full)
        for number in 0..<4 { _ = await log.append(TestLeaf.entry("\(number)", use: free)) }
        let after = try await log.append(TestLeaf.entry("after", use: free)).get()
        let entries = try log.audit()
        #expect(after.use == entries.count)
        #expect(log.memory.uses(of: free.key) == entries.count)
    }

    @Test func crashAfterALostBatchGivesTheUseBackWithTheEntry() async throws {
        let log = try OpenLog()
        log.faulty.failAppend(.lost)
        _ = await log.append(TestLeaf.entry("during", use: once))
        // The process ends here.
        let next = try OpenLog(memory: log.memory)
        #expect(try await next.append(TestLeaf.entry("after", use: once)).get().use == 1)
        #expect(try next.audit() == ["after"])
    }

    @Test func twoSequencersOnOneStoreGiveOneUse() async throws {
        let one = try OpenLog()
        let other = try OpenLog(memory: one.memory, signer: one.signer)
        let results = await withTaskGroup(of: Result<SequencedEntry, LogError>.self) { group in
            for task in 0..<32 {
                let log = task.isMultiple(of: 2) ? one : other
                group.addTask { await log.append(TestLeaf.entry("\(task)", use: once)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { (try? $0.get()) != nil } == 1)
        #expect(results.count { $0 == .failure(.usedUp(uses: 1)) } == 31)
        #expect(try one.audit().count == 1)
    }

    @Test func batchIsNotBuiltWhenTheCountsCannotBeRead() async throws {
        let log = try OpenLog(wrap: { UnreadableUses(store: $0) })
        #expect(await log.append(TestLeaf.entry("a", use: once)) == .failure(.unavailable(.corrupt(code: 11))))
        #expect(try await log.append("b").get().index == LeafIndex(0))
        #expect(log.signer.forks.isEmpty)
    }
}

/// A store whose counts can't be read, not even while it is locked.
private struct UnreadableUses: LogStore {
    let store: any LogStore

    private struct Reads: LogReads {
        let reads: any LogReads
        func head() throws(LogStoreError) -> StoredHead? { try reads.head() }
        func tile(_ id: TileID) throws(LogStoreError) -> Tile? { try reads.tile(id) }
        func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
            try reads.entries(from: first, count: count)
        }
        func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? {
            try reads.index(ofLeafHash: hash)
        }
        func indices(
            ofKeys keys: Set<SearchKey>,
            needsAll: Bool,
            count: Int
        ) throws(LogStoreError) -> [LeafIndex] { try reads.indices(ofKeys: keys, needsAll: needsAll, count: count) }
        func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? { try reads.record(of: index) }
        func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int { throw .corrupt(code: 11) }
    }

    private var reads: Reads { Reads(reads: store) }

    func head() throws(LogStoreError) -> StoredHead? { try reads.head() }
    func tile(_ id: TileID) throws(LogStoreError) -> Tile? { try reads.tile(id) }
    func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        try reads.entries(from: first, count: count)
    }
    func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? { try reads.index(ofLeafHash: hash) }
    func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] { try reads.indices(ofKeys: keys, needsAll: needsAll, count: count) }
    func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? { try reads.record(of: index) }
    func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int { try reads.uses(of: key) }
    func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) {
        try store.append { prepare(Reads(reads: $0)) }
    }
    func probe() throws(LogStoreError) { try store.probe() }
}
