import GRDB
import Log
import LogTestKit
import TestKit
import Testing
import Transparency

@testable import LogStorage

@Suite("Fault table: every failure of the disk below the database, a restart and an audit of the whole log")
struct SQLiteFaultTableTests {
    /// One line of the table.
    struct Line: Sendable, CustomTestStringConvertible {
        let name: String
        let fault: FaultDisk.Fault
        /// What the caller of the append is told; nil when it is well.
        let error: LogStoreError?

        init(
            _ name: String,
            _ call: FaultDisk.Call,
            _ code: ResultCode,
            bytesDone: Int = 0,
            passing: Int = 0,
            times: Int = 1,
            _ error: LogStoreError?
        ) {
            self.name = name
            fault = FaultDisk.Fault(
                call: call,
                code: code.rawValue,
                bytesDone: bytesDone,
                passing: passing,
                times: times
            )
            self.error = error
        }

        var testDescription: String { name }
    }

    private static let writeFailed = LogStoreError.inputOutput(code: 778)
    private static let syncFailed = LogStoreError.inputOutput(code: 1034)

    // A frame of the write-ahead log is 24 bytes, and in a write of its own a page.
    static let lines = [
        Line("write lost", .writeAheadLogWrite, .SQLITE_IOERR_WRITE, writeFailed),
        Line("second write lost", .writeAheadLogWrite, .SQLITE_IOERR_WRITE, passing: 3, writeFailed),
        Line("write kept but reported lost", .writeAheadLogWrite, .SQLITE_IOERR_WRITE, bytesDone: 4096, writeFailed),
        Line("page torn", .writeAheadLogWrite, .SQLITE_IOERR_WRITE, bytesDone: 1536, passing: 1, writeFailed),
        Line("disk full", .writeAheadLogWrite, .SQLITE_FULL, .full),
        Line("disk full in the middle of a page", .writeAheadLogWrite, .SQLITE_FULL, bytesDone: 512, passing: 5, .full),
        Line("disk full twice", .writeAheadLogWrite, .SQLITE_FULL, times: 2, .full),
        Line("fsync error, pages forgotten", .writeAheadLogSync, .SQLITE_IOERR_FSYNC, syncFailed),
        Line("fsync error, pages kept", .writeAheadLogSync, .SQLITE_IOERR_FSYNC, bytesDone: 1, syncFailed),
        Line("fsync error twice", .writeAheadLogSync, .SQLITE_IOERR_FSYNC, times: 2, syncFailed),
        Line("database locked", .writeLock, .SQLITE_BUSY, times: 1000, .busy),
        // A checkpoint that fails holds nobody up: what it was to move is in the write-ahead log.
        Line("checkpoint's write lost", .databaseWrite, .SQLITE_IOERR_WRITE, nil),
        Line("checkpoint's page torn", .databaseWrite, .SQLITE_IOERR_WRITE, bytesDone: 2048, nil),
        Line("disk full in a checkpoint", .databaseWrite, .SQLITE_FULL, nil),
        Line("checkpoint's fsync error, pages forgotten", .databaseSync, .SQLITE_IOERR_FSYNC, nil),
    ]

    /// How the process ends after the fault.
    enum End: CaseIterable {
        /// In good order.
        case close
        /// By kill -9: the system has every write.
        case kill
        /// By loss of power: only what was synced is there.
        case powerLoss
    }

    @Test(arguments: lines, End.allCases)
    func logSurvives(_ line: Line, _ end: End) async throws {
        let folder = try ScratchFolder()
        let path = folder.path("log.sqlite")
        let base = try StoredLog(at: path)
        try await base.append(2)
        try await base.close()
        let files = folder.files

        let disk = FaultDisk(folder: folder.directory)
        defer { disk.remove() }
        let store = try SQLiteLogStore.open(at: path, lockWaitSeconds: 0.01)
        let log = try StoredLog(store, signer: base.signer)
        _ = try await log.append("before")
        disk.fail(line.fault)
        let during: Result<SequencedEntry, any Error>
        do {
            if line.error == nil {
                // What the store's own checkpoint does now and then.
                _ = try? await store.pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
            }
            during = .success(try await log.append("during"))
        } catch {
            during = .failure(error)
        }
        switch during {
        case .success(let place): #expect(line.error == nil && place.index == LeafIndex(3))
        case .failure(let error): #expect(error as? LogError == line.error.map { .unavailable($0) })
        }
        #expect(try log.audit() == (line.error == nil ? 4 : 3))
        if line.fault.times != 2 {
            disk.mend()
            _ = try await log.append("after")
            // A batch that was signed is stored before the next; where the lock was missing none was.
            #expect(try log.audit() == (line.fault.call == .writeLock ? 4 : 5))
        }

        let size = try log.audit()
        let left: [String: [UInt8]]
        switch end {
        case .close:
            disk.mend()
            try await log.close()
            left = folder.files
        case .kill: left = folder.files
        case .powerLoss: left = Survivors(synced: files, disk.events[...]).files
        }
        let next = try ScratchFolder()
        for (name, bytes) in left where !name.hasSuffix("-shm") { next.write(bytes, to: name) }
        // The next process has not seen what the last one signed and nobody has seen.
        let again = try StoredLog(at: next.path("log.sqlite"), isNew: false)
        let found = try again.audit()
        // A batch whose pages are all there may turn up, though nobody was told.
        #expect(found == size || line.fault.times == 2 && found == size + 1)
        #expect(try await again.append("again").index.value == found)
        #expect(try again.audit() == found + 1)
    }

    @Test func firstTransactionIsDurableBeforeACheckpointCanLoseIt() async throws {
        let folder = try ScratchFolder()
        let base = try StoredLog(at: folder.path("log.sqlite"))
        try await base.append(2)
        try await base.close()
        let files = folder.files
        let disk = FaultDisk(folder: folder.directory)
        defer { disk.remove() }
        let store = try SQLiteLogStore.open(at: folder.path("log.sqlite"))
        let log = try StoredLog(store, signer: base.signer)
        disk.fail(FaultDisk.Fault(call: .writeAheadLogSync, code: ResultCode.SQLITE_IOERR_FSYNC.rawValue))
        _ = try? await store.pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
        #expect(disk.armedCount == 0)
        _ = try await log.append("acknowledged")
        let left = try ScratchFolder()
        for (name, bytes) in Survivors(synced: files, disk.events[...]).files { left.write(bytes, to: name) }
        #expect(try StoredLog(at: left.path("log.sqlite"), isNew: false).audit() == 3)
    }

    private static let tile1 = (try? TileID(level: 0, index: 1, width: 44)).map { LogDamage.tileMissing($0) }

    /// What is done to a closed log, and what a start says then: the row or the tile.
    static let damages: [(sql: String, damage: LogDamage?)] = [
        ("UPDATE entries SET stored = zeroblob(40) WHERE leaf_index = 299", .entryChanged(LeafIndex(299))),
        ("UPDATE entries SET stored = x'01' WHERE leaf_index = 298", .entryUnreadable(LeafIndex(298))),
        ("UPDATE entries SET leaf_hash = zeroblob(32) WHERE leaf_index = 290", .entryChanged(LeafIndex(290))),
        ("UPDATE entries SET timestamp = timestamp + 1 WHERE leaf_index = 299", .timestampOutOfOrder(LeafIndex(299))),
        ("UPDATE entries SET timestamp = -1 WHERE leaf_index = 299", .entryUnreadable(LeafIndex(299))),
        ("DELETE FROM entries WHERE leaf_index = 299", .entryMissing(LeafIndex(299))),
        ("UPDATE entries SET leaf_index = 300 WHERE leaf_index = 299", .entryMissing(LeafIndex(299))),
        ("DELETE FROM tiles WHERE tile_index = 1", tile1),
        ("UPDATE tiles SET hashes = zeroblob(8192) WHERE tile_index = 1", .rootMismatch(size: TreeSize(300))),
        ("UPDATE tiles SET width = 43 WHERE tile_index = 1", tile1),
        ("UPDATE heads SET size = 299", .headContradictsCheckpoint),
        ("UPDATE heads SET checkpoint = x'00'", .checkpointInvalid),
        ("DELETE FROM heads", .headMissing),
    ]

    @Test(arguments: damages.indices)
    func damagedRowIsNamedAtTheStart(_ line: Int) async throws {
        let (sql, damage) = Self.damages[line]
        let folder = try ScratchFolder()
        let log = try StoredLog(at: folder.path("log.sqlite"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<300 { group.addTask { _ = try await log.append("\(number)") } }
            try await group.waitForAll()
        }
        try await log.store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + sql) }
        try await log.close()
        let refusal = #expect(throws: LogError.self, "\(sql)") {
            try StoredLog(at: folder.path("log.sqlite"), isNew: false, signer: log.signer)
        }
        #expect(refusal == damage.map { .damaged($0) }, "\(sql)")
    }

    @Test func clockThatStepsBackIsBorneOrNamedAcrossARestart() async throws {
        let folder = try ScratchFolder()
        let path = folder.path("log.sqlite")
        let clock = TestClock()
        let log = try StoredLog(at: path, clock: clock)
        let first = try await log.append("first")
        try await log.close()
        for (back, error) in [(10_000, nil), (10_001, .clockBehind(seconds: 10)), (0, nil)] as [(UInt64, LogError?)] {
            clock.set(first.timestamp.milliseconds - back)
            let again = try StoredLog(at: path, isNew: false, signer: log.signer, clock: clock)
            do {
                #expect(try await again.append("\(back)").timestamp == first.timestamp)
                #expect(error == nil)
            } catch {
                #expect(error as? LogError == .clockBehind(seconds: 10))
            }
            try again.audit()
            try await again.close()
        }
        #expect(try StoredLog(at: path, isNew: false, signer: log.signer).audit() == 3)
    }
}
