import LogTestKit
import Testing
import Transparency

@testable import Log

@Suite("Fault table: every failure of a write, and an audit after each step", .timeLimit(.minutes(1)))
struct FaultTableTests {
    /// One line of the table.
    struct Line: Sendable, CustomTestStringConvertible {
        let fault: FaultyLogStore.Fault
        let error: LogStoreError
        let isReadable: Bool

        /// The store is readable: is the batch in at once, and is its caller told so?
        var isKnownToBeIn: Bool { fault == .keptButReportedLost && isReadable }
        /// Is it in when the log works again?
        var isInLater: Bool { fault != .refused }
        var testDescription: String { "\(fault), \(error), store \(isReadable ? "readable" : "unreadable")" }
    }

    static let lines = FaultyLogStore.Fault.allCases.flatMap { fault in
        [LogStoreError.inputOutput(code: 10), .full, .busy, .readOnly, .corrupt(code: 11)].flatMap { error in
            [true, false].map { Line(fault: fault, error: error, isReadable: $0) }
        }
    }

    @Test(arguments: lines)
    func logSurvives(_ line: Line) async throws {
        let log = try OpenLog()
        let before = try await log.append("before").get()
        #expect(before.index == LeafIndex(0))

        log.faulty.failAppend(line.fault, with: line.error)
        if !line.isReadable { log.faulty.failReads(with: .inputOutput(code: 266)) }
        let during = await log.append("during")
        switch during {
        case .success(let place):
            #expect(line.isKnownToBeIn)
            #expect(place.index == LeafIndex(1))
        case .failure(let error):
            #expect(!line.isKnownToBeIn)
            let isRead = line.isReadable || line.fault == .refused
            #expect(error == .unavailable(isRead ? line.error : .inputOutput(code: 266)))
        }
        try log.audit()

        if !line.isReadable, line.fault != .refused {
            // As long as the store can't be read, nothing is signed.
            let signed = log.signer.heads.count
            #expect(await log.append("blind") == .failure(.unavailable(.inputOutput(code: 266))))
            await #expect(throws: LogError.unavailable(.inputOutput(code: 266))) {
                try await log.sequencer.checkReady()
            }
            #expect(log.signer.heads.count == signed)
            try log.audit()
        }

        log.faulty.failReads(with: nil)
        var appended = await log.append("after")
        if appended == .failure(.unavailable(.inputOutput(code: 266))) {
            // The look at the store that `checkReady` began may have read before it was readable; only that one can.
            appended = await log.append("after")
        }
        let after = try appended.get()
        #expect(after.index == LeafIndex(line.isInLater ? 2 : 1))
        #expect(try log.audit() == (line.isInLater ? ["before", "during", "after"] : ["before", "after"]))
        #expect(log.faulty.isDone)
        try await log.sequencer.checkReady()
        #expect(throws: Never.self) { try OpenLog(memory: log.memory, signer: log.signer) }
    }

    @Test(arguments: lines.filter { $0.fault != .refused && $0.isReadable })
    func logReopenedAfterTheFailureNeverForks(_ line: Line) async throws {
        let log = try OpenLog()
        _ = await log.append("before")
        log.faulty.failAppend(line.fault, with: line.error)
        log.faulty.failReads(with: .inputOutput(code: 266))
        _ = await log.append("during")

        // The process ends here; the next one knows only what is stored, and starts with a signer of its own.
        let next = try OpenLog(memory: log.memory)
        _ = try await next.append("after").get()
        let isIn = line.fault == .keptButReportedLost
        #expect(try next.audit() == (isIn ? ["before", "during", "after"] : ["before", "after"]))
    }

    @Test func batchThatIsLostAgainAndAgainStaysTheSame() async throws {
        let log = try OpenLog()
        for _ in 0..<4 { log.faulty.failAppend(.lost, with: .full) }
        for number in 0..<4 {
            #expect(await log.append("\(number)") == .failure(.unavailable(.full)))
            try log.audit()
        }
        // The first batch was signed, and nothing after it.
        #expect(log.signer.heads.map(\.size.value) == [0, 1])
        _ = try await log.append("after").get()
        #expect(try log.audit() == ["0", "after"])
    }

    @Test func everybodyInALostBatchIsToldAndNobodyTwice() async throws {
        let gate = Gate()
        let log = try OpenLog(limits: SequencerLimits(batchMax: 8), wrap: { GatedLogStore($0, gate) })
        log.faulty.failAppend(nil)
        // The first eight, and then the repetition for which the rest waits.
        log.faulty.failAppend(.lost, with: .full)
        log.faulty.failAppend(.lost, with: .full)
        async let first = log.append("first")
        await gate.entered()
        let results = await withTaskGroup(of: Result<SequencedEntry, LogError>.self) { group in
            for number in 0..<20 { group.addTask { await log.append("\(number)") } }
            await gate.queued(20, in: log.sequencer)
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == .failure(.unavailable(.full)) })
        _ = try await first.get()
        #expect(try log.audit() == ["first"])
    }

    @Test func askingWhetherTheLogIsReadyBringsItBack() async throws {
        let log = try OpenLog()
        log.faulty.failAppend(.keptButReportedLost)
        log.faulty.failReads(with: .busy)
        _ = await log.append("a")
        log.faulty.failReads(with: nil)
        // The first question has the writer look again; nobody appends, for a balancer sends nobody to a log that isn't
        // ready.
        await #expect(throws: LogError.unavailable(.busy)) { try await log.sequencer.checkReady() }
        while (try? await log.sequencer.checkReady()) == nil { await Task.yield() }
        #expect(try log.audit() == ["a"])
    }

    @Test func entriesBehindALostBatchAreStoredWhenItsRepetitionSucceeds() async throws {
        let gate = Gate()
        let log = try OpenLog(limits: SequencerLimits(batchMax: 1), wrap: { GatedLogStore($0, gate) })
        log.faulty.failAppend(.lost)
        async let first = log.append("first")
        await gate.entered()
        async let second = log.append("second")
        await gate.queued(1, in: log.sequencer)
        gate.open()
        #expect(await first == .failure(.unavailable(.inputOutput(code: 10))))
        #expect(try await second.get().index == LeafIndex(1))
        #expect(try log.audit() == ["first", "second"])
    }
}
