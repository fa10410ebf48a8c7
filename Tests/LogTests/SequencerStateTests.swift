import LogTestKit
import TestKit
import Testing
import Transparency

@testable import Log

@Suite("SequencerState: invariants 1 to 7")
struct SequencerStateTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func randomWalkKeepsTheInvariants(seed: UInt64) throws {
        var walk = try SequencerWalk(seed: seed, hasOtherWriter: false)
        for _ in 0..<4000 { try walk.step() }
        try walk.finish()
        #expect(walk.signer.forks.isEmpty)
        #expect(walk.store.snapshot().rows.count > 400)
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func randomWalkBesideAnotherWriterAnswersTruly(seed: UInt64) throws {
        var walk = try SequencerWalk(seed: seed, hasOtherWriter: true)
        for _ in 0..<4000 { try walk.step() }
        try walk.finish()
    }
}

/// A `SequencerState` with everything around it played by a seeded generator: callers, writer thread, store, failures.
struct SequencerWalk {
    typealias State = SequencerState<Int>

    let signer = TestSigner()
    let store = MemoryLogStore()
    private let limits = SequencerLimits(queueMax: 7, batchMax: 3)
    private let clock = TestClock()
    private let hasOtherWriter: Bool
    private var random: SeededGenerator
    private var state: State
    private var nextWaiter = 0
    /// Waiters that were accepted and have no answer yet.
    private var waiting: Set<Int> = []
    private var isWriterStarted = false
    private var largestTip = TreeSize.empty

    init(seed: UInt64, hasOtherWriter: Bool) throws {
        random = SeededGenerator(seed: seed)
        self.hasOtherWriter = hasOtherWriter
        try Sequencer.create(in: store, signer: signer, clock: clock.now)
        state = State(tip: try LogTip(reading: store, signer: signer), limits: limits)
    }

    mutating func step() throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: accept()
        case 4: cancel()
        case 5: isWriterStarted = state.wake().startWriter || isWriterStarted
        case 6: clock.advance(UInt64.random(in: 0...3, using: &random))
        case 7 where hasOtherWriter: try otherWriter()
        default: try performNext(faulty: true)
        }
        checkInvariants()
    }

    /// No more failures: everybody is answered, and the log is whole.
    mutating func finish() throws {
        state.close()
        while state.isRunning { try performNext(faulty: false) }
        #expect(waiting.isEmpty)
        #expect(state.queue.isEmpty)
        let refusal = #expect(throws: LogError.self) { try state.accept(pending(waiter: -1)) }
        #expect(refusal == .closed)
        _ = try LogAudit.run(store, signer: signer, merkleLeaf: TestLeaf.read)
    }

    private func pending(waiter: Int) -> Pending<Int> {
        Pending(
            ticket: Ticket(number: UInt64(bitPattern: Int64(waiter))),
            entry: TestLeaf.entry("\(waiter)"),
            waiter: waiter
        )
    }

    private mutating func accept() {
        let waiter = nextWaiter
        nextWaiter += 1
        let wasFull = state.queue.count == limits.queueMax
        do {
            let starts = try state.accept(pending(waiter: waiter))
            #expect(!wasFull)
            #expect(starts != isWriterStarted, "started once, invariant 3")
            isWriterStarted = true
            waiting.insert(waiter)
        } catch {
            #expect(wasFull && error == .busy)
        }
    }

    private mutating func cancel() {
        let waiter = Int.random(in: max(0, nextWaiter - 12)...nextWaiter, using: &random)
        let wasQueued = state.queue.contains { $0.waiter == waiter }
        let answer = state.cancel(Ticket(number: UInt64(waiter)))
        #expect((answer != nil) == wasQueued)
        take(answer.map { [$0] } ?? [])
    }

    /// Another replica appends to the same store.
    private func otherWriter() throws {
        let now = clock.now()
        let signer = signer
        store.append { locked in
            let tip = try? LogTip(reading: locked, signer: signer)
            let entry = Pending(ticket: Ticket(number: 0), entry: TestLeaf.entry("other"), waiter: 0)
            return try? tip?.extended(by: [entry], in: locked, now: now, signer: signer, limits: SequencerLimits())
                .signed?.batch
        }
    }

    private mutating func performNext(faulty: Bool) throws {
        guard isWriterStarted else { return }
        switch state.next() {
        case .sleep: isWriterStarted = false
        case .write(let pending, let tip): write(pending, on: tip, faulty: faulty)
        case .rewrite(let signed): rewrite(signed, faulty: faulty)
        case .settle(let signed): take(state.settled(settlement(of: signed, faulty: faulty)))
        }
        #expect(state.isRunning == isWriterStarted)
    }

    private enum Luck { case good, refused, lost, keptButReportedLost }

    private mutating func luck(faulty: Bool) -> Luck {
        guard faulty else { return .good }
        return [.good, .good, .good, .refused, .lost, .keptButReportedLost].randomElement(using: &random) ?? .good
    }

    private mutating func write(_ pending: [Pending<Int>], on tip: LogTip, faulty: Bool) {
        #expect((1...limits.batchMax).contains(pending.count))
        let luck = luck(faulty: faulty)
        guard luck != .refused, let base = try? LogTip(reading: store, signer: signer) else {
            return take(state.notBuilt(pending, .full))
        }
        #expect(hasOtherWriter || base == tip, "invariant 4")
        let extended = try? base.extended(
            by: pending,
            in: store,
            now: clock.now(),
            signer: signer,
            limits: limits
        )
        guard let result = extended else { return take(state.notBuilt(pending, .full)) }
        guard let signed = result.signed else { return take(result.refused) }
        store(signed, luck: luck)
    }

    private mutating func rewrite(_ signed: SignedBatch<Int>, faulty: Bool) {
        #expect(signed.placed.isEmpty, "invariant 6")
        guard store.head() == signed.base.head else { return state.overtaken(signed) }
        store(signed, luck: luck(faulty: faulty))
    }

    private mutating func store(_ signed: SignedBatch<Int>, luck: Luck) {
        if luck == .good || luck == .keptButReportedLost { store.append { _ in signed.batch } }
        take(luck == .good ? state.stored(signed) : state.lost(signed, .inputOutput(code: 10)))
    }

    private mutating func settlement(of signed: SignedBatch<Int>, faulty: Bool) -> State.Settlement {
        if faulty, Int.random(in: 0..<3, using: &random) == 0 { return .unreadable(.inputOutput(code: 10)) }
        if store.head() == signed.tip.head { return .stored }
        if store.head() == signed.base.head { return .absent }
        guard let newest = try? LogTip(reading: store, signer: signer) else { return .unreadable(.busy) }
        let present = signed.placed.map(\.entry).filter { store.index(ofLeafHash: $0.leafHash) == $0.index }
        return .passed(newest, present: Set(present.map(\.index)))
    }

    private mutating func take(_ answers: [Answer<Int>]) {
        for answer in answers {
            #expect(waiting.remove(answer.waiter) != nil, "invariant 1: one answer each")
            guard case .success(let place) = answer.result else { continue }
            let row = store.entries(from: place.index, count: 1).first
            #expect(row?.leafHash == place.leafHash && row?.timestamp == place.timestamp, "promise 1")
            #expect(row.map { TestLeaf.text($0.stored) } == "\(answer.waiter)")
        }
    }

    private mutating func checkInvariants() {
        #expect(state.queue.count <= limits.queueMax, "invariant 2")
        let open =
            switch state.phase {
            case .unsettled(let signed, _), .retained(let signed): signed.placed.map(\.waiter)
            case .ready, .damaged: [Int]()
            }
        #expect(waiting == Set(open + state.queue.map(\.waiter)), "invariant 1")
        #expect(state.tip.size >= largestTip, "invariant 4")
        largestTip = state.tip.size
    }
}
