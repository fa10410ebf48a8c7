import GRDB
import Keys
import Log
import LogTestKit
import Records
import TestKit
import Transparency

@testable import LogStorage

/// A log that loses power again and again, and what it has promised by then. Everything but the threads' turns comes
/// from the seed.
struct LogLives {
    /// A promise that was not kept.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    private static let name = "log.sqlite"
    private static let tokenCount = 3
    private static let usesMax = 4

    private let signer = TestSigner()
    private let clock = TestClock()
    private var chance: SeededGenerator
    private var files: [String: [UInt8]]
    private var entryCount = 0
    private var promised = Promises()

    /// What callers and readers have been told.
    private struct Promises {
        /// By what they say.
        var entries: [String: SequencedEntry] = [:]
        var refusals: Set<String> = []
        /// Heads that a reader has seen.
        var heads: [TreeHead] = []
    }

    /// Begins with the files of a log that was closed.
    init(seed: UInt64, files: [String: [UInt8]]) {
        chance = SeededGenerator(seed: seed)
        self.files = files
    }

    /// The files of a closed log of `count` entries.
    static func files(entryCount: Int) async throws -> [String: [UInt8]] {
        let folder = try ScratchFolder()
        let log = try StoredLog(at: folder.path(name))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<entryCount { group.addTask { _ = try await log.append("base \(number)") } }
            try await group.waitForAll()
        }
        try await log.close()
        return folder.files
    }

    /// One life: starts from what the last one has left, checks every promise, works, and loses power. `hasFaults`: the
    /// disk fails now and then before that.
    mutating func live(hasFaults: Bool) async throws {
        let folder = try ScratchFolder()
        for (name, bytes) in files { folder.write(bytes, to: name) }
        let disk = FaultDisk(folder: folder.directory)
        defer { disk.remove() }
        let life = Life(disk: disk, path: folder.path(Self.name), signer: signer, clock: clock)
        try life.start()
        try check(life)
        var promises: [(after: Int, promised: Promises)] = [(0, promised)]
        for _ in 0..<Int.random(in: 2...7, using: &chance) {
            try await step(life, hasFaults: hasFaults)
            if let head = try life.store?.head() { promised.heads.append(head.tree) }
            promises.append((disk.eventCount, promised))
        }
        let events = disk.events
        let end = Int.random(in: 0...events.count, using: &chance)
        // What was promised later has not been: the machine was off.
        promised = promises.last { $0.after <= end }?.promised ?? promised
        files = Survivors(of: files, events.prefix(end), by: &chance).files.filter { !$0.key.hasSuffix("-shm") }
        disk.mend()
        await life.stop()
    }

    /// Starts once more, and checks.
    mutating func end() async throws {
        let folder = try ScratchFolder()
        for (name, bytes) in files { folder.write(bytes, to: name) }
        let life = Life(disk: nil, path: folder.path(Self.name), signer: signer, clock: clock)
        try life.start()
        try check(life)
        guard let sequencer = life.sequencer else { return }
        clock.advance(20_000)
        _ = try await sequencer.append(TestLeaf.entry("the end"))
        try check(life)
        await life.stop()
    }

    // MARK: Work

    private mutating func step(_ life: Life, hasFaults: Bool) async throws {
        switch Int.random(in: 0..<(hasFaults ? 14 : 11), using: &chance) {
        case 0..<6: try await append(Int.random(in: 1...5, using: &chance), to: life, mayFail: hasFaults)
        case 6:
            entryCount += 1
            let record = IssuanceRecord(.refused, RequestID(text: "refusal \(entryCount)"), at: clock.now())
            do {
                try life.store?.add([record])
                promised.refusals.insert(record.requestID.text)
            } catch {
                guard hasFaults else { throw Broken(description: "refusal: \(error)") }
            }
        case 7: clock.set(clock.now().milliseconds + UInt64.random(in: 1000...20_000, using: &chance) - 9000)
        case 8, 9:
            let kinds: [Database.CheckpointMode] = [.passive, .full, .restart, .truncate]
            do { try life.checkpoint(kinds.randomElement(using: &chance) ?? .full) } catch {
                guard hasFaults else { throw Broken(description: "checkpoint: \(error)") }
            }
        case 10:
            life.disk?.mend()
            await life.stop()
            try life.start()
        default: life.disk?.fail(fault())
        }
    }

    private mutating func fault() -> FaultDisk.Fault {
        let call = FaultDisk.Call.allCases.randomElement(using: &chance) ?? .writeLock
        let codes: [ResultCode] =
            switch call {
            case .writeAheadLogWrite, .databaseWrite: [.SQLITE_FULL, .SQLITE_IOERR_WRITE]
            case .writeAheadLogSync, .databaseSync: [.SQLITE_IOERR_FSYNC]
            case .writeLock: [.SQLITE_BUSY]
            }
        return FaultDisk.Fault(
            call: call,
            code: (codes.randomElement(using: &chance) ?? .SQLITE_IOERR).rawValue,
            bytesDone: [0, 0, 24, 512, 3000, 4096].randomElement(using: &chance) ?? 0,
            passing: Int.random(in: 0...3, using: &chance),
            times: Int.random(in: 1...2, using: &chance)
        )
    }

    private mutating func append(_ count: Int, to life: Life, mayFail: Bool) async throws {
        guard let sequencer = life.sequencer else { return }
        var entries: [(text: String, use: UseLimit?)] = []
        for _ in 0..<count {
            entryCount += 1
            let token = Int.random(in: 0..<2 * Self.tokenCount, using: &chance)
            entries.append(("\(token)/\(entryCount)", token < Self.tokenCount ? Self.use(token) : nil))
        }
        typealias Answer = (text: String, result: Result<SequencedEntry, LogError>)
        let answers = await withTaskGroup(of: Answer.self) { group in
            for (text, use) in entries {
                group.addTask {
                    do throws(LogError) {
                        return (text, .success(try await sequencer.append(TestLeaf.entry(text, use: use))))
                    } catch {
                        return (text, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        for (text, result) in answers {
            switch result {
            case .success(let place): promised.entries[text] = place
            case .failure(.usedUp), .failure(.clockBehind): break
            case .failure(.unavailable) where mayFail: break
            case .failure(let error): throw Broken(description: "append: \(error)")
            }
        }
    }

    private static func use(_ token: Int) -> UseLimit {
        UseLimit(key: SHA256Digest(hashing: [UInt8(token)]), usesMax: usesMax, expirySeconds: 1_800_000_000)
    }

    // MARK: Checks

    private struct Issued: Equatable {
        let text: String?
        let time: EntryTimestamp
    }

    /// The whole log, and all that was promised of it.
    private func check(_ life: Life) throws {
        guard let store = life.store else { return }
        func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
            guard condition else { throw Broken(description: what()) }
        }
        let head = try LogAudit.run(store, signer: signer, merkleLeaf: TestLeaf.read)
        let entries = try store.entries(from: LeafIndex(0), count: Int(head.tree.size.value))
        for (text, place) in promised.entries {
            let entry = place.index.value < UInt64(entries.count) ? entries[Int(place.index.value)] : nil
            try expect(entry?.leafHash == place.leafHash, "acknowledged entry \(place.index) is lost")
            try expect(entry?.timestamp == place.timestamp, "the time of entry \(place.index) has changed")
            try expect(entry.map { TestLeaf.text($0.stored) } == text, "entry \(place.index) is another")
        }
        try expect(head.tree.size >= promised.heads.map(\.size).max() ?? .empty, "the head went back")
        let latest = promised.heads.map(\.timestamp).max() ?? head.tree.timestamp
        try expect(head.tree.timestamp >= latest, "time went back")
        var edge = TreeEdge()
        for seen in promised.heads.sorted(by: { $0.size < $1.size }) {
            _ = try edge.append(entries[Int(edge.size.value)..<Int(seen.size.value)].map(\.leafHash))
            try expect(edge.root == seen.root, "two trees of size \(seen.size)")
        }
        var uses = [Int](repeating: 0, count: Self.tokenCount)
        for entry in entries {
            let text = TestLeaf.text(entry.stored)
            guard let token = text.split(separator: "/").first.flatMap({ Int($0) }), token < uses.count else {
                continue
            }
            uses[token] += 1
        }
        for (token, count) in uses.enumerated() {
            try expect(try store.uses(of: Self.use(token).key) == count, "the uses of token \(token)")
            try expect(count <= Self.usesMax, "token \(token) was used too often")
        }
        let records = try store.records(newest: .max)
        let ofEntries = records.reversed().filter { $0.decision == .issued }
        let issued = ofEntries.map { Issued(text: $0.san, time: $0.timestamp) }
        let logged = entries.map { Issued(text: TestLeaf.text($0.stored), time: $0.timestamp) }
        try expect(issued == logged, "the records are not those of the entries")
        let refusals = records.filter { $0.decision == .refused }.map(\.requestID.text)
        try expect(promised.refusals.isSubset(of: refusals), "an acknowledged refusal is lost")
    }
}

/// A process that has the log open.
private final class Life {
    let disk: FaultDisk?
    private let path: String
    private let signer: TestSigner
    private let clock: TestClock
    private(set) var store: SQLiteLogStore?
    private(set) var sequencer: Sequencer?

    init(disk: FaultDisk?, path: String, signer: TestSigner, clock: TestClock) {
        self.disk = disk
        self.path = path
        self.signer = signer
        self.clock = clock
    }

    func start() throws {
        let store = try SQLiteLogStore.open(at: path, lockWaitSeconds: 0.001)
        self.store = store
        sequencer = try Sequencer.open(store, signer: signer, merkleLeaf: TestLeaf.read, clock: clock.now)
    }

    func checkpoint(_ kind: Database.CheckpointMode) throws {
        _ = try store?.pool.writeWithoutTransaction { try $0.checkpoint(kind) }
    }

    func stop() async {
        await sequencer?.close()
        try? store?.close()
    }
}
