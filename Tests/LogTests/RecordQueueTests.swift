import Records
import Testing
import Transparency

@testable import Log

@Suite("RecordQueue: rules 1 to 3")
struct RecordQueueTests {
    private let start = ContinuousClock.now

    private func queue(queueMax: Int = 10, batchMax: Int = 4) -> RecordQueue {
        RecordQueue(
            queueMax: queueMax,
            batchMax: batchMax,
            linger: .milliseconds(50),
            pauseMax: .milliseconds(300),
            now: start
        )
    }

    private func after(_ milliseconds: Int) -> RecordQueue.Instant { start + .milliseconds(milliseconds) }

    private func record(_ number: Int) -> IssuanceRecord {
        IssuanceRecord(.refused, RequestID(text: "\(number)"), at: EntryTimestamp(milliseconds: 1))
    }

    private func accept(_ queue: inout RecordQueue, _ number: Int, at milliseconds: Int) -> RecordQueue.Admission {
        queue.accept(record(number), now: after(milliseconds))
    }

    /// The step in words: the request IDs, when to look again, or the end.
    private func step(_ queue: inout RecordQueue, at milliseconds: Int) -> String {
        switch queue.next(now: after(milliseconds)) {
        case .end: "end"
        case .wait(let end): "wait until \((end - start) / .milliseconds(1))"
        case .write(let records): "write " + records.map(\.requestID.text).joined(separator: " ")
        }
    }

    @Test func firstRecordStartsTheWriterAndWaitsForOthers() {
        var queue = queue()
        #expect(accept(&queue, 1, at: 0) == .init(startsWriter: true))
        #expect(accept(&queue, 2, at: 10) == .init())
        #expect(step(&queue, at: 20) == "wait until 50.0")
        #expect(step(&queue, at: 50) == "write 1 2")
        queue.stored(2, now: after(51))
        #expect(step(&queue, at: 51) == "end")
        #expect(accept(&queue, 3, at: 60) == .init(startsWriter: true))
        #expect(step(&queue, at: 60) == "wait until 110.0")
    }

    @Test func fullBatchWakesTheWriter() {
        var queue = queue()
        for number in 1...3 {
            let admission = accept(&queue, number, at: 0)
            #expect(!admission.wakesWriter)
        }
        #expect(accept(&queue, 4, at: 1).wakesWriter)
        #expect(!accept(&queue, 5, at: 1).wakesWriter)
        #expect(step(&queue, at: 1) == "write 1 2 3 4")
        queue.stored(4, now: after(2))
        #expect(step(&queue, at: 2) == "write 5")
    }

    @Test func failedRecordsStayAndArePausedFor() {
        var queue = queue()
        for number in 1...5 { _ = accept(&queue, number, at: 0) }
        var seen: [String] = []
        var now = 0
        for pause in [100, 200, 300, 300] {
            seen.append(step(&queue, at: now))
            queue.failed(now: after(now))
            #expect(step(&queue, at: now + pause - 1) == "wait until \(now + pause).0")
            now += pause
        }
        #expect(seen == Array(repeating: "write 1 2 3 4", count: 4))
        #expect(queue.failures == 4)
        #expect(step(&queue, at: now) == "write 1 2 3 4")
        queue.stored(4, now: after(now))
        #expect(step(&queue, at: now) == "write 5")
        queue.failed(now: after(now))
        #expect(step(&queue, at: now) == "wait until \(now + 100).0", "the pause begins anew")
        #expect(queue.dropped == 0)
    }

    @Test func recordsBeyondTheBoundAreDroppedAndCounted() {
        var queue = queue(queueMax: 3, batchMax: 2)
        for number in 1...3 {
            let admission = accept(&queue, number, at: 0)
            #expect(admission.isAccepted)
        }
        #expect(step(&queue, at: 0) == "write 1 2")
        // Those being written count.
        #expect(accept(&queue, 4, at: 0) == .init(isAccepted: false))
        #expect(queue.dropped == 1)
        queue.stored(2, now: after(1))
        #expect(accept(&queue, 5, at: 1).isAccepted)
        #expect(step(&queue, at: 1) == "write 3 5")
    }

    @Test func closedQueueWritesTheRestAtOnceAndTakesNothing() {
        var queue = queue()
        let isAwakeIdle = queue.close()
        #expect(!isAwakeIdle)
        var other = self.queue()
        for number in 1...5 { _ = accept(&other, number, at: 0) }
        let wakes = other.close()
        #expect(wakes)
        #expect(accept(&other, 6, at: 0) == .init(isAccepted: false))
        #expect(step(&other, at: 1) == "write 1 2 3 4")
        other.stored(4, now: after(2))
        #expect(step(&other, at: 2) == "write 5")
        other.failed(now: after(3))
        #expect(step(&other, at: 3) == "end")
        #expect(other.dropped == 2)
        #expect(other.failures == 1)
    }
}
