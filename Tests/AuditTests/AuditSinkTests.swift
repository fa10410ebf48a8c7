import Testing

@testable import Audit

@Suite("The audit sink: order, groups, bounds, closing")
struct AuditSinkTests {
    private func line(_ number: Int) -> [UInt8] { Array("{\"n\":\(number)}".utf8) }

    /// A sink whose thread is held inside its first write, and that write.
    private func held() async -> (AuditSink, Gate, Task<Void, any Error>) {
        let gate = Gate()
        let sink = AuditSink(GatedDestination(gate: gate))
        let first = Task { try await sink.write(line(0)) }
        await gate.entered()
        return (sink, gate, first)
    }

    private func waiting(_ count: Int, in sink: AuditSink) async {
        while sink.waitingCount < count { await Task.yield() }
    }

    @Test func linesThatArriveDuringAWriteGoOutTogetherInTheirOrder() async throws {
        let (sink, gate, first) = await held()
        var others: [Task<Void, any Error>] = []
        for number in 1...5 {
            others.append(Task { try await sink.write(line(number)) })
            await waiting(number, in: sink)
        }
        gate.open()
        for task in [first] + others { try await task.value }
        #expect(gate.writes.withLock { $0 } == [[line(0)], (1...5).map(line)])
    }

    @Test func queueTakes8192LinesAndRefusesTheNextAtOnce() async throws {
        let (sink, gate, first) = await held()
        try await withThrowingTaskGroup { group in
            for number in 0..<8192 { group.addTask { try await sink.write(self.line(number)) } }
            await waiting(8192, in: sink)
            await #expect(throws: AuditError.full) { try await sink.write(line(1)) }
            gate.open()
            try await group.waitForAll()
        }
        try await first.value
        try sink.checkReady()
    }

    @Test func queueTakes16MebibytesAndRefusesTheNextLine() async throws {
        let (sink, gate, first) = await held()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: AuditSink.lineBytesMax)
        try await withThrowingTaskGroup { group in
            for _ in 0..<256 { group.addTask { try await sink.write(long) } }
            await waiting(256, in: sink)
            await #expect(throws: AuditError.full) { try await sink.write(line(1)) }
            gate.open()
            try await group.waitForAll()
        }
        try await first.value
    }

    @Test func closingWritesWhatWaitsAndRefusesTheRest() async throws {
        let (sink, gate, first) = await held()
        let second = Task { try await sink.write(line(1)) }
        await waiting(1, in: sink)
        let closing = Task { await sink.close() }
        while (try? sink.checkReady()) != nil { await Task.yield() }
        await #expect(throws: AuditError.closed) { try await sink.write(line(2)) }
        gate.open()
        try await first.value
        try await second.value
        await closing.value
        await sink.close()
        #expect(gate.writes.withLock { $0 } == [[line(0)], [line(1)]])
    }

    @Test func lineThatIsTooLongOrHasALineBreakIsRefused() async throws {
        let gate = Gate()
        gate.open()
        let sink = AuditSink(GatedDestination(gate: gate))
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: AuditSink.lineBytesMax + 1)
        await #expect(throws: AuditError.lineTooLong) { try await sink.write(long) }
        await #expect(throws: AuditError.lineBreak) { try await sink.write(Array("{\n}".utf8)) }
        await sink.close()
        #expect(gate.writes.withLock { $0.isEmpty })
    }

    @Test func afterAFailureReadinessTriesAgain() async throws {
        let gate = Gate()
        gate.open()
        gate.failure.withLock { $0 = .write(code: 28) }
        let sink = AuditSink(GatedDestination(gate: gate))
        try sink.checkReady()
        await #expect(throws: AuditError.write(code: 28)) { try await sink.write(line(0)) }
        #expect(throws: AuditError.write(code: 28)) { try sink.checkReady() }
        gate.failure.withLock { $0 = nil }
        while (try? sink.checkReady()) == nil { await Task.yield() }
        await sink.close()
    }

    @Test func aLineTooLongForTheDaemonLeavesTheSinkReady() async throws {
        let gate = Gate()
        gate.open()
        gate.failure.withLock { $0 = .lineTooLong }
        let sink = AuditSink(GatedDestination(gate: gate))
        await #expect(throws: AuditError.lineTooLong) { try await sink.write(line(0)) }
        try sink.checkReady()
    }

    @Test func descriptionsSayWhatTheSystemSaid() {
        #expect(AuditError.write(code: 28).description.hasSuffix("No space left on device"))
    }
}
