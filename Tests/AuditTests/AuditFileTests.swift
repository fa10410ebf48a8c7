import Foundation
import Synchronization
import TestKit
import Testing

@testable import Audit

@Suite("The audit file: whole lines, rotation, recovery", .serialized)
struct AuditFileTests {
    private let folder: ScratchFolder
    private let settings: AuditSettings

    init() throws {
        folder = try ScratchFolder()
        settings = AuditSettings(destination: .file(path: folder.path("audit.jsonl"), isSynced: true), isRequired: true)
    }

    private func write(_ text: String, to sink: AuditSink) async throws(AuditError) {
        try await sink.write(Array(text.utf8))
    }

    @Test func fileIsAppendedToAndIsItsOwnersOnly() async throws {
        for text in ["{\"n\":1}", "{\"n\":2}"] {
            let sink = try AuditSink.open(settings)
            try await write(text, to: sink)
            await sink.close()
        }
        #expect(folder.lines("audit.jsonl") == ["{\"n\":1}", "{\"n\":2}", ""])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("audit.jsonl"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func aThousandWritersGetOneWholeLineEachInTheirOwnOrder() async throws {
        let sink = try AuditSink.open(
            AuditSettings(destination: .file(path: folder.path("audit.jsonl"), isSynced: false), isRequired: false)
        )
        try await withThrowingTaskGroup { group in
            for writer in 0..<1000 {
                group.addTask {
                    for turn in 0..<3 { try await sink.write(Array("\(writer) \(turn)".utf8)) }
                }
            }
            try await group.waitForAll()
        }
        await sink.close()
        let lines = folder.lines("audit.jsonl").dropLast()
        #expect(lines.count == 3000)
        for writer in 0..<1000 {
            let own = lines.filter { $0.hasPrefix("\(writer) ") }
            #expect(own == ["\(writer) 0", "\(writer) 1", "\(writer) 2"])
        }
    }

    @Test func missingFolderIsAnErrorAtOnce() {
        let settings = AuditSettings(
            destination: .file(path: folder.path("none/audit.jsonl"), isSynced: false),
            isRequired: false
        )
        #expect(throws: AuditError.open(code: ENOENT)) { try AuditSink.open(settings) }
    }

    @Test func fullDiskIsAnErrorForEachLine() async throws {
        let sink = try AuditSink.open(
            AuditSettings(destination: .file(path: "/dev/full", isSynced: false), isRequired: false)
        )
        await #expect(throws: AuditError.write(code: ENOSPC)) { try await write("{}", to: sink) }
        #expect(throws: AuditError.write(code: ENOSPC)) { try sink.checkReady() }
        await #expect(throws: AuditError.write(code: ENOSPC)) { try await write("{}", to: sink) }
    }

    @Test func lineThatAnEarlierProcessLeftTornIsEnded() async throws {
        try Data("{\"n\":1}\n{\"n\":".utf8).write(to: URL(fileURLWithPath: folder.path("audit.jsonl")))
        let sink = try AuditSink.open(settings)
        try await write("{\"n\":2}", to: sink)
        await sink.close()
        #expect(folder.lines("audit.jsonl") == ["{\"n\":1}", "{\"n\":", "{\"n\":2}", ""])
    }

    /// A limit of the file's size makes the system write the first half of the line only, as a disk that fills up does.
    @Test func lineOfWhichHalfWasWrittenIsTakenBack() async throws {
        let sink = try AuditSink.open(settings)
        try await write("{\"n\":1}", to: sink)
        let resource = __rlimit_resource_t(Int32(RLIMIT_FSIZE.rawValue))
        var before = rlimit()
        getrlimit(resource, &before)
        var limit = rlimit(rlim_cur: 40_000, rlim_max: before.rlim_max)
        setrlimit(resource, &limit)
        defer { setrlimit(resource, &before) }
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 60_000)
        await #expect(throws: AuditError.write(code: EFBIG)) { try await sink.write(long) }
        #expect(folder.lines("audit.jsonl") == ["{\"n\":1}", ""])
        #expect(throws: AuditError.write(code: EFBIG)) { try sink.checkReady() }
        while (try? sink.checkReady()) == nil { await Task.yield() }
        try await write("{\"n\":2}", to: sink)
        await sink.close()
        #expect(folder.lines("audit.jsonl") == ["{\"n\":1}", "{\"n\":2}", ""])
    }

    @Test func renamedFileIsLeftWithinASecondOfTheNextLine() async throws {
        let start = ContinuousClock.now
        let elapsed = Mutex(Duration.zero)
        let sink = try AuditSink.open(settings, now: { start + elapsed.withLock { $0 } })
        try await write("1", to: sink)
        try rename("audit.jsonl", to: "old")
        elapsed.withLock { $0 = .milliseconds(999) }
        try await write("2", to: sink)
        elapsed.withLock { $0 = .milliseconds(1000) }
        try await write("3", to: sink)
        try FileManager.default.removeItem(atPath: folder.path("audit.jsonl"))
        elapsed.withLock { $0 = .seconds(2) }
        try await write("4", to: sink)
        try rename("audit.jsonl", to: "newer")
        try Data().write(to: URL(fileURLWithPath: folder.path("audit.jsonl")))
        elapsed.withLock { $0 = .seconds(3) }
        try await write("5", to: sink)
        await sink.close()
        #expect(folder.lines("old") == ["1", "2", ""])
        #expect(folder.lines("newer") == ["4", ""])
        #expect(folder.lines("audit.jsonl") == ["5", ""])
    }

    @Test func reopeningLeavesARenamedFileAtOnce() async throws {
        let start = ContinuousClock.now
        let sink = try AuditSink.open(settings, now: { start })
        try await write("1", to: sink)
        try rename("audit.jsonl", to: "old")
        sink.reopen()
        try await write("2", to: sink)
        await sink.close()
        #expect(folder.lines("old") == ["1", ""])
        #expect(folder.lines("audit.jsonl") == ["2", ""])
    }

    /// Standard output, here a pipe whose reader has stopped.
    @Test func pipeThatIsFullIsWaitedForAndALineCutShortIsEnded() async throws {
        let pipe = Pipe()
        let reading = pipe.fileHandleForReading.fileDescriptor
        let writing = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(reading, F_SETFL, O_NONBLOCK) == 0)
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 50_000)
        var file = AuditFile(.descriptor(writing), isSynced: false, waitMilliseconds: 0) { ContinuousClock.now }
        var whole = 0
        while file.write([long]) == [nil] { whole += 1 }
        #expect(drained(reading).count > whole * (long.count + 1))
        #expect(file.write([Array("{}".utf8)]) == [nil])
        #expect(drained(reading) == Array("\n{}\n".utf8))
    }

    @Test func readerOfStandardOutputThatLeftIsAnErrorAndNoSignal() async throws {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting.fileDescriptor
        let sink = AuditSink(AuditFile(.descriptor(writing), isSynced: false) { ContinuousClock.now })
        try await write("{}", to: sink)
        try pipe.fileHandleForReading.close()
        await #expect(throws: AuditError.write(code: EPIPE)) { try await write("{}", to: sink) }
        await sink.close()
    }

    private func drained(_ number: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = read(number, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private func rename(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(other))
    }
}
