import GRDB
import Log
import LogTestKit
import Records
import TestKit
import Testing
import Transparency

@testable import LogStorage

@Suite("A database that is not whole is refused by name, and left as it was")
struct RefusedDatabaseTests {
    private let folder: ScratchFolder
    private let name = "log.sqlite"
    private var path: String { folder.path(name) }

    init() throws {
        folder = try ScratchFolder()
    }

    /// The error of opening; the folder must be byte for byte what it was.
    private func refusal() -> LogStorageError? {
        let before = folder.files
        let error = #expect(throws: LogStorageError.self) { try SQLiteLogStore.open(at: path) }
        #expect(folder.files == before)
        return error
    }

    /// A closed log of 700 entries, some 80 pages.
    private func makeLog() async throws {
        let log = try StoredLog(at: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<700 { group.addTask { _ = try await log.append("\(number)") } }
            try await group.waitForAll()
        }
        try await log.close()
    }

    @Test func missingFile() {
        #expect(refusal() == .missing(path: path))
    }

    @Test func fileOfAnotherKind() {
        folder.write(Array("-----BEGIN CERTIFICATE-----\n".utf8) + [UInt8](repeating: 65, count: 500), to: name)
        #expect(refusal() == .notADatabase(path: path))
    }

    @Test(arguments: [0, 1, 99])
    func fileWithoutAHeader(byteCount: Int) async throws {
        try await makeLog()
        folder.write(Array(folder.read(name).prefix(byteCount)), to: name)
        #expect(refusal() == .notADatabase(path: path))
    }

    @Test func databaseOfAnotherProgram() throws {
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE heads (size INTEGER)") }
        try other.close()
        #expect(refusal() == .foreign(path: path))
    }

    @Test func databaseOfALaterVersion() async throws {
        try await makeLog()
        let database = try DatabaseQueue(path: path)
        try database.inDatabase { try $0.execute(sql: "PRAGMA user_version = 7; PRAGMA journal_mode = DELETE") }
        try database.close()
        #expect(refusal() == .newerSchema(path: path, found: 7, known: 4))
    }

    @Test func truncatedAtEveryPage() async throws {
        try await makeLog()
        let whole = folder.read(name)
        for pages in 1..<whole.count / 4096 {
            folder.write(Array(whole.prefix(pages * 4096 + (pages.isMultiple(of: 2) ? 0 : 17))), to: name)
            let bytes = UInt64(folder.read(name).count)
            #expect(refusal() == .truncated(path: path, bytes: bytes, expectedBytes: UInt64(whole.count)))
        }
    }

    @Test(arguments: [
        "DROP INDEX entries_by_leaf_hash", "DROP TABLE records", "ALTER TABLE tiles ADD COLUMN x ANY",
    ])
    func changedSchema(sql: String) async throws {
        try await makeLog()
        let database = try DatabaseQueue(path: path)
        try database.inDatabase { try $0.execute(sql: sql) }
        try database.close()
        let object = sql.contains("INDEX") ? "entries_by_leaf_hash" : sql.contains("tiles") ? "tiles" : "records"
        #expect(throws: LogStorageError.schemaDamaged(path: path, name: object)) { try SQLiteLogStore.open(at: path) }
    }

    @Test func existingFileIsNotCreatedOver() async throws {
        try await makeLog()
        let before = folder.files
        #expect(throws: LogStorageError.exists(path: path)) { try SQLiteLogStore.create(at: path) }
        #expect(folder.files == before)
    }

    @Test func databaseIsNotCreatedInAFolderThatIsMissing() {
        let nowhere = folder.path("missing/log.sqlite")
        #expect(throws: LogStorageError.unusable(path: nowhere, .inputOutput(code: 14))) {
            try SQLiteLogStore.create(at: nowhere)
        }
    }

    @Test func everyGarbledPageIsFoundOrHarmless() async throws {
        try await makeLog()
        let whole = folder.read(name)
        let signer = TestSigner()
        var refusals: Set<String> = []
        var unnamed = 0
        var harmless = 0
        for page in 0..<whole.count / 4096 {
            var bytes = whole
            // The header alone stays, so that SQLite gets to see the rest.
            for offset in page * 4096 + (page == 0 ? 100 : 0)..<(page + 1) * 4096 {
                bytes[offset] = UInt8(truncatingIfNeeded: offset &* 131 &+ page)
            }
            folder.write(bytes, to: name)
            do {
                let store = try SQLiteLogStore.open(at: path)
                let head = try LogAudit.run(store, signer: signer, merkleLeaf: TestLeaf.read)
                // Only a page that holds nothing may go unseen: the zeroes behind the hashes of a partial tile, and
                // five empty trees: indices of refusals, rules and repositories, and the uses of tokens.
                #expect(head.tree.size == TreeSize(700))
                let columns = try (0..<700).map { try store.record(of: LeafIndex($0)) }
                #expect(columns.contains(nil) == false, "page \(page)")
                // Pages of the indices are met by those who search.
                for way in try found(store) where way != 700 { throw LogStoreError.corrupt(code: way) }
                harmless += 1
            } catch {
                refusals.insert("\(type(of: error))")
                if case .unavailable? = error as? LogError { unnamed += 1 }
            }
        }
        #expect(refusals.isSuperset(of: ["LogStorageError", "LogError"]))
        #expect(unnamed == 0, "an audit says which row or tile")
        #expect(harmless <= 9)
    }

    /// How many entries are found in each way.
    private func found(_ store: SQLiteLogStore) throws -> [Int] {
        func count(_ set: (inout RecordQuery) -> Void) throws -> Int {
            var query = RecordQuery()
            set(&query)
            return try store.records(matching: query, before: nil, count: 1000).count
        }
        return [
            try count { $0.identity = .beginning("") }, try count { $0.issuer = "https://issuer.test" },
            try ["0a1", "0a2", "0a3"].reduce(0) { sum, serial in try sum + count { $0.serialHex = serial } },
            try count { $0.since = EntryTimestamp(milliseconds: 0) },
        ]
    }
}
