import LogTestKit
import Synchronization
import Testing
import Transparency

@testable import Log

@Suite("Sequencer", .timeLimit(.minutes(1)))
struct SequencerTests {
    @Test func appendedEntryIsStoredUnderASignedCheckpoint() async throws {
        let log = try OpenLog()
        let place = try await log.sequencer.append(TestLeaf.entry("a"))
        #expect(place.index == LeafIndex(0))
        #expect(place.timestamp == log.clock.now())
        let head = try await log.sequencer.reader.head()
        #expect(try log.signer.open(head.checkpoint, keptAt: head.tree.timestamp) == head.tree)
        #expect(head.tree.size == TreeSize(1))
        #expect(head.tree.root == place.leafHash)
        #expect(log.memory.record(of: LeafIndex(0))?.san == "a")
        #expect(try log.audit() == ["a"])
    }

    @Test func twoThousandAppendsFrom64TasksGetDenseUniqueIndices() async throws {
        let log = try OpenLog()
        let places = try await withThrowingTaskGroup(of: [SequencedEntry].self) { group in
            for task in 0..<64 {
                group.addTask {
                    var places: [SequencedEntry] = []
                    for number in 0..<(task < 16 ? 32 : 31) {
                        places.append(try await log.sequencer.append(TestLeaf.entry("\(task)/\(number)")))
                    }
                    return places
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(places.count == 2000)
        #expect(places.map(\.index.value).sorted() == Array(0..<2000))
        let rows = log.memory.snapshot().rows
        for place in places {
            #expect(rows[Int(place.index.value)].leafHash == place.leafHash)
        }
        // Recomputed from the leaves by the definition in RFC 6962 §2.1, without tiles or edges.
        let leaves = try rows.map { MerkleTree.leafHash(try TestLeaf.read($0.stored)) }
        #expect(log.memory.head()?.tree.root == MerkleTree.root(of: leaves))
        #expect(log.signer.heads.count < 2000, "entries that arrive together share a batch")
        try log.audit()
    }

    @Test func logGoesOnAfterReopeningAtEverySize() async throws {
        let memory = MemoryLogStore()
        let signer = TestSigner()
        try Sequencer.create(in: memory, signer: signer, clock: TestClock().now)
        for size in 0..<300 {
            let log = try OpenLog(memory: memory, signer: signer)
            #expect(try await log.sequencer.append(TestLeaf.entry("\(size)")).index.value == UInt64(size))
            await log.sequencer.close()
        }
        #expect(try OpenLog(memory: memory, signer: signer).audit().count == 300)
    }

    @Test func timeStandsStillWhileTheClockIsBehind() async throws {
        let log = try OpenLog(clock: TestClock(1000))
        var times: [UInt64] = []
        for time in [1000, 1005, 990, 1, 1004, 1006] as [UInt64] {
            log.clock.set(time)
            times.append(try await log.sequencer.append(TestLeaf.entry("\(time)")).timestamp.milliseconds)
        }
        #expect(times == [1000, 1005, 1005, 1005, 1005, 1006])
        #expect(try log.sequencer.now().milliseconds == 1006)
        log.clock.set(1007)
        #expect(try log.sequencer.now().milliseconds == 1007)
        log.clock.set(3)
        #expect(try log.sequencer.now().milliseconds == 1006)
        let reopened = try OpenLog(memory: log.memory, signer: log.signer, clock: log.clock)
        #expect(try await reopened.sequencer.append(TestLeaf.entry("x")).timestamp.milliseconds == 1006)
        try log.audit()
    }

    @Test func clockFarBehindTheLastEntryRefusesUntilItIsRight() async throws {
        let log = try OpenLog(clock: TestClock(100_000), limits: SequencerLimits(clockBehindMax: .seconds(10)))
        _ = try await log.append("before").get()
        log.clock.set(90_000)
        #expect(try await log.append("at the bound").get().timestamp.milliseconds == 100_000)
        log.clock.set(89_999)
        let refusal = LogError.clockBehind(seconds: 10)
        #expect(await log.append("beyond") == .failure(refusal))
        await #expect(throws: refusal) { try await log.sequencer.checkReady() }
        #expect(throws: refusal) { try log.sequencer.now() }
        #expect(log.signer.heads.count == 3, "nothing is signed")

        // A restart neither helps nor harms: the log opens, and says the same.
        log.clock.set(1)
        let reopened = try OpenLog(memory: log.memory, signer: log.signer, clock: log.clock)
        #expect(await reopened.append("after a restart") == .failure(.clockBehind(seconds: 99)))
        await #expect(throws: LogError.clockBehind(seconds: 99)) { try await reopened.sequencer.checkReady() }
        #expect(try reopened.audit() == ["before", "at the bound"])

        log.clock.set(100_001)
        try await reopened.sequencer.checkReady()
        #expect(try await reopened.append("after").get().timestamp.milliseconds == 100_001)
        #expect(try reopened.audit() == ["before", "at the bound", "after"])
    }

    @Test func refusedEntryTakesNoIndexAndHarmsNoOther() async throws {
        struct TooLong: Error {}
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        // These two share the batch after the first.
        async let bad = log.append(LogEntry { _, _ in throw TooLong() })
        async let good = log.append("good")
        gate.open()
        #expect(try await first.get().index == LeafIndex(0))
        #expect(try await good.get().index == LeafIndex(1))
        #expect(await bad == .failure(.entryRefused))
        #expect(try log.audit() == ["first", "good"])
    }

    @Test func fullQueueAnswersBusyAtOnce() async throws {
        let gate = Gate()
        let log = try OpenLog(limits: SequencerLimits(queueMax: 2), wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        await withTaskGroup(of: Result<SequencedEntry, LogError>.self) { group in
            for number in 0..<3 {
                group.addTask { await log.append("\(number)") }
            }
            // The store is still busy with the first: only a refusal can come back.
            #expect(await group.next() == .failure(.busy))
            gate.open()
            for await result in group { #expect(throws: Never.self) { try result.get() } }
        }
        _ = try await first.get()
        #expect(try log.audit().count == 3)
    }

    @Test func batchIsNeverLargerThanItsLimit() async throws {
        let gate = Gate()
        let log = try OpenLog(limits: SequencerLimits(batchMax: 4), wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<9 { group.addTask { _ = await log.append("\(number)") } }
            await gate.queued(9, in: log.sequencer)
            gate.open()
        }
        _ = await first
        #expect(log.signer.heads.map(\.size.value) == [0, 1, 5, 9, 10])
    }

    @Test func cancellingAWaitingEntryTakesItBackAndLosesNoOther() async throws {
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        let cancelled = Task { await log.append("cancelled") }
        async let other = log.append("other")
        cancelled.cancel()
        #expect(await cancelled.value == .failure(.cancelled))
        gate.open()
        #expect(try await first.get().index == LeafIndex(0))
        #expect(try await other.get().index == LeafIndex(1))
        #expect(try log.audit() == ["first", "other"])
    }

    @Test func cancellingAnEntryThatIsBeingStoredHasNoEffect() async throws {
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        let first = Task { await log.append("first") }
        await gate.entered()
        first.cancel()
        gate.open()
        #expect(try await first.value.get().index == LeafIndex(0))
        #expect(try log.audit() == ["first"])
    }

    @Test func closeAnswersWhatWasAcceptedAndRefusesTheRest() async throws {
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        async let second = log.append("second")
        await gate.queued(1, in: log.sequencer)
        let flag = Flag()
        let closing = Task {
            await log.sequencer.close()
            flag.set()
        }
        while !log.sequencer.state.withLock({ $0.isClosed }) { await Task.yield() }
        #expect(await log.append("late") == .failure(.closed))
        for _ in 0..<1000 { await Task.yield() }
        #expect(!flag.isSet, "the first is still being stored")
        gate.open()
        await closing.value
        #expect(try log.audit() == ["first", "second"])
        _ = try await (first.get(), second.get())
        await #expect(throws: LogError.closed) { try await log.sequencer.checkReady() }
    }

    @Test func logThatCannotSignTakesNothing() async throws {
        let log = try OpenLog()
        log.signer.fail(1)
        #expect(await log.append("a") == .failure(.signingFailed))
        #expect(try await log.append("b").get().index == LeafIndex(0))
        #expect(try log.audit() == ["b"])
    }

    @Test func logAtItsLargestSizeIsFull() async throws {
        let log = try OpenLog(limits: SequencerLimits(sizeMax: TreeSize(2)))
        for text in ["a", "b"] { _ = try await log.append(text).get() }
        #expect(await log.append("c") == .failure(.full))
        #expect(try log.audit() == ["a", "b"])
    }

    @Test func logIsCreatedOnce() throws {
        let log = try OpenLog()
        #expect(throws: LogError.exists) {
            try Sequencer.create(in: log.memory, signer: log.signer, clock: log.clock.now)
        }
    }

    @Test func logIsNotCreatedOverEntriesWithoutHead() async throws {
        let log = try OpenLog()
        _ = await log.append("a")
        log.memory.tamper { $0.stored = nil }
        #expect(throws: LogError.damaged(.headMissing)) {
            try Sequencer.create(in: log.memory, signer: log.signer, clock: log.clock.now)
        }
    }

    @Test func twoSequencersOnOneStoreNeverForkIt() async throws {
        let one = try OpenLog()
        let other = try OpenLog(memory: one.memory, signer: one.signer)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                let log = task.isMultiple(of: 2) ? one : other
                group.addTask {
                    for number in 0..<40 {
                        let text = "\(task)/\(number)"
                        let place = try? await log.append(text).get()
                        let row = place.flatMap { log.memory.entries(from: $0.index, count: 1).first }
                        #expect(row.map { TestLeaf.text($0.stored) } == text)
                    }
                }
            }
        }
        #expect(try one.audit().count == 640)
    }

    @Test("a lost batch that another writer has overtaken is given up", arguments: FaultyLogStore.Fault.allCases)
    func lostBatchIsOvertaken(_ fault: FaultyLogStore.Fault) async throws {
        let one = try OpenLog()
        let other = try OpenLog(memory: one.memory, signer: one.signer)
        _ = await one.append("before")
        one.faulty.failAppend(fault)
        let isKept = (try? await one.append("lost").get()) != nil
        #expect(isKept == (fault == .keptButReportedLost))
        for (log, text) in [(other, "other"), (one, "one"), (other, "other again")] {
            #expect(try await log.append(text).get().index.value == UInt64(log.memory.snapshot().rows.count - 1))
        }
        _ = try LogAudit.run(one.memory, signer: one.signer, merkleLeaf: TestLeaf.read)
        let texts = one.memory.snapshot().rows.map { TestLeaf.text($0.stored) }
        #expect(texts == ["before"] + (isKept ? ["lost"] : []) + ["other", "one", "other again"])
    }

    @Test("a log can be opened while another writer appends", arguments: [0, 1, 255, 256, 300], [1, 2, 300])
    func logOpensWhileItGrows(from size: Int, by growth: Int) async throws {
        let log = try OpenLog()
        for number in 0..<size { _ = await log.append("\(number)") }
        let earlier = log.memory.head()
        for number in 0..<growth { _ = await log.append("more \(number)") }
        // The head is read before the others' entries, and all else after them.
        let isRead = Flag()
        let opened = try OpenLog(memory: log.memory, signer: log.signer) { store in
            EarlierHeadStore(store) {
                defer { isRead.set() }
                return isRead.isSet ? nil : earlier
            }
        }
        #expect(try await opened.append("next").get().index.value == UInt64(size + growth))
        #expect(try opened.audit().count == size + growth + 1)
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}
