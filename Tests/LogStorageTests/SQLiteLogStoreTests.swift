import GRDB
import Log
import LogTestKit
import TestKit
import Testing
import Transparency

@testable import LogStorage

@Suite("SQLiteLogStore")
struct SQLiteLogStoreTests {
    private let folder: ScratchFolder
    private var path: String { folder.path("log.sqlite") }

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func twoThousandAppendsFrom64TasksAreWholeAfterReopening() async throws {
        let log = try StoredLog(at: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for number in 0..<(task < 16 ? 32 : 31) { _ = try await log.append("\(task)/\(number)") }
                }
            }
            try await group.waitForAll()
        }
        try await log.close()
        let reopened = try StoredLog(at: path, isNew: false)
        #expect(try reopened.audit() == 2000)
        let rows = try reopened.store.entries(from: LeafIndex(0), count: 3000)
        let leaves = try rows.map { MerkleTree.leafHash(try TestLeaf.read($0.stored)) }
        #expect(try reopened.store.head()?.tree.root == MerkleTree.root(of: leaves))
        #expect(Set(rows.map { TestLeaf.text($0.stored) }).count == 2000)
    }

    @Test func commitsAreDurable() async throws {
        let log = try StoredLog(at: path)
        _ = try await log.append("a")
        let settings = try await log.store.pool.writeWithoutTransaction { db in
            try ["synchronous", "journal_mode"].map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
        #expect(settings == ["2", "wal"])
    }

    @Test func closingFoldsTheWriteAheadLogIn() async throws {
        let log = try StoredLog(at: path)
        _ = try await log.append("a")
        #expect(Set(folder.files.keys) == ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"])
        try await log.close()
        #expect(Set(folder.files.keys) == ["log.sqlite"])
        #expect(throws: LogStoreError.closed) { try log.store.head() }
        #expect(throws: LogStoreError.closed) { try log.store.probe() }
        #expect(throws: LogStoreError.closed) { try log.store.append { _ in nil } }
    }

    @Test func logGoesOnAfterAStopWithoutClosing() async throws {
        for number in 0..<5 {
            let log = try StoredLog(at: path, isNew: number == 0)
            #expect(try await log.append("\(number)").index.value == UInt64(number))
        }
        #expect(try StoredLog(at: path, isNew: false).audit() == 5)
    }

    @Test func writeAheadLogIsKeptSmall() async throws {
        let log = try StoredLog(at: path)
        // Some 7,000 pages, and no pause between them.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try await log.append(250, byteCount: 3000) } }
            try await group.waitForAll()
        }
        #expect(folder.read("log.sqlite-wal").count < 3 * SQLiteCheckpointer.pagesWanted * 4096)
        #expect(try log.audit() == 4000)
    }

    @Test func twoStoresOnOneFileNeverForkTheLog() async throws {
        let one = try StoredLog(at: path)
        let other = try StoredLog(at: path, isNew: false, signer: one.signer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                let log = task.isMultiple(of: 2) ? one : other
                group.addTask { try await log.append(25) }
            }
            try await group.waitForAll()
        }
        #expect(try one.audit() == 200)
        #expect(try other.audit() == 200)
    }

    @Test func storeThatOnlyReadsSeesWhatIsAppendedAndWritesNothing() async throws {
        let log = try StoredLog(at: path)
        try await log.append(2)
        let reader = try SQLiteLogStore.openReadOnly(at: path)
        #expect(try reader.head()?.tree.size == TreeSize(2))
        try await log.append(1)
        #expect(try reader.head() == log.store.head())
        #expect(try reader.records(newest: 9).count == 3)
        #expect(throws: LogStoreError.readOnly) { try reader.append { _ in nil } }
        #expect(throws: LogStoreError.readOnly) { try reader.add([]) }
        #expect(throws: LogStoreError.readOnly) { try reader.probe() }
        try reader.close()
        #expect(try await log.append("next").index == LeafIndex(3))
    }

    @Test func storeThatOnlyReadsCanBeOpenedAfterTheWriterHasClosed() async throws {
        let log = try StoredLog(at: path)
        try await log.append(2)
        try await log.close()
        let reader = try SQLiteLogStore.openReadOnly(at: path)
        #expect(try reader.head()?.tree.size == TreeSize(2))
        try reader.close()
    }

    @Test func lockedDatabaseIsBusyAndPreparesNothing() throws {
        let store = try SQLiteLogStore.create(at: path, lockWaitSeconds: 0.01)
        let other = try DatabaseQueue(path: path)
        try other.inDatabase { db in
            try db.inTransaction(.immediate) {
                var isPrepared = false
                #expect(throws: LogStoreError.busy) {
                    try store.append { _ in
                        isPrepared = true
                        return nil
                    }
                }
                #expect(!isPrepared)
                #expect(throws: LogStoreError.busy) { try store.probe() }
                return .rollback
            }
        }
        try store.probe()
    }

    @Test(arguments: FaultyLogStore.Fault.allCases)
    func failedWriteIsMadeGood(_ fault: FaultyLogStore.Fault) async throws {
        let log = try StoredLog(at: path)
        try await log.append(3)
        let faulty = FaultyLogStore(log.store)
        let sequencer = try Sequencer.open(
            faulty,
            signer: log.signer,
            merkleLeaf: TestLeaf.read,
            clock: TestClock().now
        )
        faulty.failAppend(fault, with: .full)
        let place = try? await sequencer.append(TestLeaf.entry("during"))
        #expect((place != nil) == (fault == .keptButReportedLost))
        try log.audit()
        _ = try await sequencer.append(TestLeaf.entry("after"))
        #expect(try log.audit() == (fault == .refused ? 4 : 5))
    }

    @Test func recordsAreInTheSameTransaction() async throws {
        let log = try StoredLog(at: path)
        try await log.append(2)
        let sql = """
            SELECT leaf_index || '|' || lower(hex(precertificate)) || '|' || serial || '|' || issuer || '|' || san
                || '|' || not_before || '|' || timestamp FROM records ORDER BY leaf_index
            """
        let rows = try await log.store.pool.read { try String.fetchAll($0, sql: sql) }
        // printf 0 | sha256sum; printf 1 | sha256sum
        let digests = [
            "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
            "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
        ]
        #expect(
            rows == [
                "0|\(digests[0])|0a1|https://issuer.test|0|1700000000|1700000000000",
                "1|\(digests[1])|0a1|https://issuer.test|1|1700000000|1700000000000",
            ]
        )
    }

    @Test func hashesAreFoundInEveryPartOfTheIndex() throws {
        let store = try SQLiteLogStore.create(at: path)
        // Three parts; the tree doesn't matter here.
        let places: [UInt64] = [0, 1, 65_535, 65_536, 131_071, 131_072, 140_000]
        let entries = places.map { place in
            let stored = StoredEntry(
                index: LeafIndex(place),
                timestamp: EntryTimestamp(milliseconds: 1),
                leafHash: MerkleTree.leafHash(Array("\(place)".utf8)),
                stored: [1]
            )
            return LogBatch.Entry(entry: stored, record: nil)
        }
        let tree = TreeHead(
            size: TreeSize(140_001),
            root: MerkleTree.emptyRoot,
            timestamp: EntryTimestamp(milliseconds: 1)
        )
        let batch = LogBatch(entries: entries, tiles: [], head: StoredHead(tree: tree, checkpoint: [1]))
        try store.append { _ in batch }
        for entry in entries.map(\.entry) {
            #expect(try store.index(ofLeafHash: entry.leafHash) == entry.index)
        }
        #expect(try store.index(ofLeafHash: MerkleTree.emptyRoot) == nil)
    }

    @Test(
        arguments: [
            (.SQLITE_BUSY, .busy), (.SQLITE_BUSY_SNAPSHOT, .busy), (.SQLITE_LOCKED, .busy), (.SQLITE_FULL, .full),
            (.SQLITE_READONLY, .readOnly), (.SQLITE_READONLY_DBMOVED, .readOnly),
            (.SQLITE_IOERR_FSYNC, .inputOutput(code: 1034)), (.SQLITE_IOERR_WRITE, .inputOutput(code: 778)),
            (.SQLITE_CANTOPEN, .inputOutput(code: 14)), (.SQLITE_CORRUPT, .corrupt(code: 11)),
            (.SQLITE_NOTADB, .corrupt(code: 26)), (.SQLITE_MISUSE, .closed),
            (.SQLITE_CONSTRAINT_UNIQUE, .failed(code: 2067)),
        ] as [(ResultCode, LogStoreError)]
    )
    func resultCodeHasAName(_ code: ResultCode, _ error: LogStoreError) {
        #expect(LogStoreError(DatabaseError(resultCode: code)) == error)
    }
}
