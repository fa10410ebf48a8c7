import LogTestKit
import Records
import Testing
import Transparency

@testable import Log

@Suite("RecordWriter", .timeLimit(.minutes(1)))
struct RecordWriterTests {
    private let memory = MemoryLogStore()
    private let faulty: FaultyLogStore

    init() {
        faulty = FaultyLogStore(memory)
    }

    private func record(_ number: Int) -> IssuanceRecord {
        IssuanceRecord(.refused, RequestID(text: "\(number)"), at: EntryTimestamp(milliseconds: 1))
    }

    private func writer(linger: Duration = .milliseconds(1)) -> RecordWriter {
        RecordWriter(store: faulty, batchMax: 4, linger: linger, pauseMax: .milliseconds(1))
    }

    private var stored: [String] {
        memory.records(matching: RecordQuery(), before: nil, count: 1000).map(\.record.requestID.text).reversed()
    }

    @Test func recordsAreStoredInOrderWithoutAnybodyWaiting() async {
        let writer = writer()
        for number in 0..<50 { #expect(writer.add(record(number))) }
        while stored.count < 50 { await Task.yield() }
        #expect(stored == (0..<50).map(String.init))
        await writer.close()
    }

    @Test func closingWritesTheRestAtOnce() async {
        let writer = writer(linger: .seconds(86_400))
        for number in 0..<7 { #expect(writer.add(record(number))) }
        await writer.close()
        #expect(stored == (0..<7).map(String.init))
        #expect(!writer.add(record(8)))
        #expect(writer.dropped == 1)
        #expect(writer.failures == 0)
    }

    @Test func fullBatchIsNotWaitedFor() async {
        let writer = writer(linger: .seconds(86_400))
        for number in 0..<4 { #expect(writer.add(record(number))) }
        while stored.count < 4 { await Task.yield() }
        await writer.close()
    }

    @Test(arguments: FaultyLogStore.Fault.allCases)
    func failedWriteIsMadeGoodAndNothingIsThereTwice(_ fault: FaultyLogStore.Fault) async {
        let writer = writer()
        faulty.failAppend(fault, with: .full)
        faulty.failAppend(fault, with: .busy)
        for number in 0..<6 { #expect(writer.add(record(number))) }
        while !faulty.isDone || stored.count < 6 { await Task.yield() }
        #expect(stored == (0..<6).map(String.init))
        #expect(writer.failures == 2)
        #expect(writer.dropped == 0)
        await writer.close()
        #expect(stored.count == 6)
    }

    @Test func storeThatFailsAtTheEndDelaysNoStop() async {
        let writer = writer(linger: .seconds(86_400))
        faulty.failAppend(.refused)
        for number in 0..<3 { #expect(writer.add(record(number))) }
        await writer.close()
        #expect(writer.failures == 1)
        #expect(writer.dropped == 3)
        #expect(stored.isEmpty)
    }

    @Test func writerThatIsNotClosedGoesWithItsLastRecord() async {
        weak var gone: RecordWriter?
        do {
            let writer = writer()
            gone = writer
            #expect(writer.add(record(1)))
        }
        while gone != nil { await Task.yield() }
        #expect(stored == ["1"])
    }
}
