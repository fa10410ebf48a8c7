import Certificates
import Foundation
import Keys
import Settings
import Synchronization
import Testing
import Transparency

@testable import Monitoring

/// A channel that keeps what it gets, and can be broken.
final class Notebook: AlertChannel {
    let name = "the notebook"
    private let pages = Mutex<[Alert]>([])
    private let broken = Mutex(false)

    var alerts: [Alert] { pages.withLock { $0 } }

    func breakDown(_ isBroken: Bool) { broken.withLock { $0 = isBroken } }

    func deliver(_ alert: Alert) async throws(MonitoringError) {
        if broken.withLock({ $0 }) { throw .undelivered(channel: name, problem: "torn") }
        pages.withLock { $0.append(alert) }
    }
}

@Suite("A log is watched, and somebody is told")
final class LogWatchTests {
    let authority: PaperAuthority
    let log: PaperLog
    let notebook = Notebook()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("watch-\(UUID().uuidString)").path
    var stateName = "state"
    var statePath: String { folder + "/" + stateName }

    init() throws {
        authority = try PaperAuthority()
        log = try PaperLog()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try log.add(try authority.make("ann@example.com"), authority)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func state() throws -> StateFile {
        try StateFile(path: statePath, key: log.key.publicKey, origin: log.origin)
    }

    func watch(_ source: PaperLog? = nil, _ rules: String = "", seconds: Int64 = PaperAuthority.now) throws -> LogWatch
    {
        let keys = ["identities", "issuers", "stale-after"]
        return LogWatch(
            monitor: LogMonitor(source: source ?? log, key: log.key.publicKey, pinned: authority.chain),
            origin: log.origin,
            rules: try AuditRules(try SettingsNode.parse(rules).object(known: keys)),
            state: try state(),
            channels: [notebook],
            now: { EntryTimestamp(milliseconds: UInt64(seconds) * 1000) }
        )
    }

    func round(_ source: PaperLog? = nil, _ rules: String = "", seconds: Int64 = PaperAuthority.now) async throws
        -> LogWatch.Round
    {
        var watch = try watch(source, rules, seconds: seconds)
        return try await watch.round()
    }

    @Test("each entry is looked at once over restarts")
    func restarts() async throws {
        #expect(try await round().entryCount == 1)
        #expect(try await round().entryCount == 0)
        try log.add(try authority.make(), authority)
        try log.add(try authority.make(), authority)
        #expect(try await round().entryCount == 2)
        #expect(try state().load()?.checkpoint.head.size == TreeSize(3))
        #expect(notebook.alerts == [])
    }

    @Test("a serial number is known after a restart")
    func serials() async throws {
        let serial = try SerialNumber.random()
        try log.add(try authority.make(serial: serial), authority)
        _ = try await round()
        try log.add(try authority.make(serial: serial), authority)
        #expect(try await round().alertCount == 1)
        #expect(notebook.alerts.map(\.kind) == [.serialRepeated])
    }

    @Test("numbers of a run that didn't finish don't count")
    func unfinished() async throws {
        _ = try await round()
        try log.add(try authority.make("eve@example.com"), authority)
        let rules = "identities: [ann@example.com]"
        notebook.breakDown(true)
        await #expect(throws: MonitoringError.undelivered(channel: "the notebook", problem: "torn")) {
            _ = try await self.round(nil, rules)
        }
        #expect(try state().load()?.checkpoint.head.size == TreeSize(1))
        notebook.breakDown(false)
        #expect(try await round(nil, rules).alertCount == 1)
        #expect(notebook.alerts.map(\.kind) == [.identityUnlisted] && notebook.alerts[0].names == ["eve@example.com"])
    }

    @Test("an alarm is sent once, counted always, keeps both checkpoints, and leaves the state")
    func alarms() async throws {
        _ = try await round()
        let kept = FileManager.default.contents(atPath: statePath)
        let fork = log.copy()
        fork.change { contents in contents.leaves = [] }
        try fork.add(try authority.make(), authority)
        var watch = try watch(fork)
        for _ in 0..<3 { #expect(try await watch.round().alertCount == 1) }
        let alert = try #require(notebook.alerts.first)
        #expect(notebook.alerts.count == 1 && alert.kind == .logForked)
        #expect(alert.evidence == [try #require(try stateNote()), try #require(alert.evidence.last)])
        #expect(alert.evidence.count == 2 && alert.evidence[0] != alert.evidence[1])
        #expect(FileManager.default.contents(atPath: statePath) == kept)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.contains("state.evidence-\(alert.id).json"))
    }

    private func stateNote() throws -> [UInt8]? {
        let bytes = [UInt8](try #require(FileManager.default.contents(atPath: statePath)))
        return FollowerState(encoded: bytes, key: log.key.publicKey, origin: log.origin)?.checkpoint.note
    }

    @Test("a checkpoint that is too old is told of, one that is not isn't")
    func stale() async throws {
        let rules = "stale-after: 1h"
        #expect(try await round(nil, rules, seconds: PaperAuthority.now + 3600).alertCount == 0)
        #expect(try await round(nil, rules, seconds: PaperAuthority.now + 3601).alertCount == 1)
        #expect(try await round(nil, rules, seconds: 0).alertCount == 0)
        #expect(notebook.alerts.map(\.kind) == [.checkpointStale])
    }

    @Test("a log that can't be reached is told of after three looks, once")
    func unreachable() async throws {
        log.change { contents in contents.replaced["checkpoint"] = .some(nil) }
        var watch = try watch()
        for _ in 0..<5 { await #expect(throws: MonitoringError.noLog) { _ = try await watch.round() } }
        #expect(notebook.alerts.map(\.kind) == [.logUnreachable])
    }

    @Test("a log that can't be reached is told of again if nobody heard, and after it was there again")
    func unreachableUnheard() async throws {
        log.change { contents in contents.replaced["checkpoint"] = .some(nil) }
        var watch = try watch()
        notebook.breakDown(true)
        for _ in 0..<2 { await #expect(throws: MonitoringError.noLog) { _ = try await watch.round() } }
        await #expect(throws: MonitoringError.undelivered(channel: "the notebook", problem: "torn")) {
            _ = try await watch.round()
        }
        notebook.breakDown(false)
        for _ in 0..<2 { await #expect(throws: MonitoringError.noLog) { _ = try await watch.round() } }
        #expect(notebook.alerts.map(\.kind) == [.logUnreachable])
        log.change { contents in contents.replaced = [:] }
        _ = try await watch.round()
        log.change { contents in contents.replaced["checkpoint"] = .some(nil) }
        for _ in 0..<3 { await #expect(throws: MonitoringError.noLog) { _ = try await watch.round() } }
        #expect(notebook.alerts.map(\.kind) == [.logUnreachable, .logUnreachable])
    }

    @Test("an alarm that nobody could be told is kept")
    func unheardAlarm() async throws {
        _ = try await round()
        var watch = try watch(try fork())
        notebook.breakDown(true)
        for _ in 0..<2 {
            await #expect(throws: MonitoringError.undelivered(channel: "the notebook", problem: "torn")) {
                _ = try await watch.round()
            }
            #expect(try evidenceFiles().count == 1)
        }
    }

    @Test("an alarm whose evidence can't be kept is told")
    func unkeptAlarm() async throws {
        // The evidence's name, which is longer, is longer than a file's can be.
        stateName = String(repeating: "s", count: 230)
        _ = try await round()
        var watch = try watch(try fork())
        await #expect(throws: MonitoringError.self) { _ = try await watch.round() }
        #expect(notebook.alerts.map(\.kind) == [.logForked])
        #expect(try evidenceFiles() == [])
    }

    /// Another log with the same key.
    private func fork() throws -> PaperLog {
        let fork = log.copy()
        fork.change { contents in contents.leaves = [] }
        try fork.add(try authority.make(), authority)
        return fork
    }

    private func evidenceFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".evidence-") }
    }

    @Test("what a hostile log can make us send is bounded")
    func flood() async throws {
        let made = try authority.make("eve@example.com")
        for _ in 0..<LogWatch.alertsMax + 10 { try log.add(made, authority) }
        let done = try await round(nil, "identities: [ann@example.com]")
        #expect(done.alertCount > LogWatch.alertsMax)
        #expect(notebook.alerts.count == LogWatch.alertsMax + 1 && notebook.alerts.last?.kind == .alertsOmitted)
    }

    @Test("a state never goes back, is one process's, and is of one log")
    func stateFile() async throws {
        try log.add(try authority.make(), authority)
        let file = try state()
        try file.save(FollowerState(try log.seen()))
        #expect(throws: MonitoringError.stateGoesBack(path: statePath)) {
            try file.save(FollowerState(try self.log.seen(size: 1)))
        }
        #expect(throws: MonitoringError.stateInUse(path: statePath)) { _ = try self.state() }
        let other = try PaperLog()
        let path = folder + "/other"
        try FileManager.default.copyItem(atPath: statePath, toPath: path)
        #expect(throws: MonitoringError.stateUnusable(path: path)) {
            _ = try StateFile(path: path, key: other.key.publicKey, origin: nil).load()
        }
    }

    @Test("a state that was cut or changed is refused, and no byte of it is a trap")
    func damagedState() throws {
        let sound = FollowerState(try log.seen()).encoded
        for place in sound.indices {
            let cut = Array(sound.prefix(place))
            let read = FollowerState(encoded: cut, key: log.key.publicKey, origin: log.origin)
            #expect(read == nil || place == sound.count - 1)
            var bad = sound
            bad[place] ^= 0x01
            if let read = FollowerState(encoded: bad, key: log.key.publicKey, origin: log.origin) {
                #expect(read.checkpoint.head == (try log.seen()).head)
            }
        }
    }

    @Test("an alert fits into a line whatever the log has put into its certificates")
    func longTexts() throws {
        var entry = CheckedEntry(
            index: LeafIndex(.max),
            timestamp: EntryTimestamp(milliseconds: .max),
            isPrecertificate: true,
            fingerprint: SHA256Digest(hashing: [UInt8]())
        )
        let long = String(repeating: "\u{1}é\n", count: 100_000)
        entry.names = [.email(long), .uri(long)] + [SubjectAlternativeName](repeating: .otherName(long), count: 50)
        entry.issuer = long
        let alert = Alert(Finding(.profileViolated, long), entry, log: "log")
        #expect(alert.json.encoded().count < 1 << 16)
        #expect(!alert.json.encoded().contains(UInt8(ascii: "\n")))
    }
}
