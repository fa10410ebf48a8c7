import Foundation
import GRDB
import Keys
import Log
import LogTestKit
import Records
import TestKit
import Testing
import Transparency

@testable import LogStorage

@Suite("A database of an earlier version is brought up to date with all that is in it")
struct MigrationTests {
    private let folder: ScratchFolder
    private var path: String { folder.path("log.sqlite") }

    init() throws {
        folder = try ScratchFolder()
    }

    /// The tables that version 1 had beside the log's own, as that version made them.
    private static let certificates = """
        CREATE TABLE certificates (
            leaf_index INTEGER PRIMARY KEY REFERENCES entries,
            sha256 BLOB NOT NULL,
            serial TEXT NOT NULL,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            not_before INTEGER NOT NULL
        ) STRICT
        """

    /// A log of `count` entries, closed, taken back to version 1: every second entry has its columns.
    private func makeVersion1(count: Int) async throws -> TestSigner {
        let log = try StoredLog(at: path)
        try await log.append(count)
        try await log.close()
        let database = try DatabaseQueue(path: path)
        try database.inDatabase { db in
            try db.execute(sql: "DROP TABLE records; DROP TABLE token_uses; DROP TABLE entry_keys")
            try db.execute(sql: Self.certificates)
            for index in stride(from: 0, to: count, by: 2) {
                try db.execute(
                    sql: "INSERT INTO certificates VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        index, Data(SHA256Digest(hashing: Array("\(index)".utf8)).bytes), "0\(index)",
                        "https://issuer.test", "ü\(index)", 1_600_000_000 + index,
                    ]
                )
            }
            try db.execute(sql: "PRAGMA user_version = 1; PRAGMA journal_mode = DELETE")
        }
        try database.close()
        return log.signer
    }

    @Test func everyRowIsKeptAndTheLogGoesOn() async throws {
        let signer = try await makeVersion1(count: 300)
        let log = try StoredLog(at: path, isNew: false, signer: signer)
        #expect(try log.audit() == 300)
        for index in 0..<300 {
            let record = try log.store.record(of: LeafIndex(UInt64(index)))
            guard index.isMultiple(of: 2) else {
                #expect(record == nil)
                continue
            }
            var expected = IssuanceRecord(
                .issued,
                RequestID(text: ""),
                at: try log.store.entries(from: LeafIndex(UInt64(index)), count: 1)[0].timestamp
            )
            expected.issuer = "https://issuer.test"
            expected.san = "ü\(index)"
            expected.serialHex = "0\(index)"
            expected.precertificate = SHA256Digest(hashing: Array("\(index)".utf8))
            expected.notBeforeSeconds = 1_600_000_000 + Int64(index)
            #expect(record == expected)
        }
        #expect(try await log.append("next").index == LeafIndex(300))
        #expect(try log.store.record(of: LeafIndex(300))?.san == "next")
        try await log.close()
        let reopened = try StoredLog(at: path, isNew: false, signer: signer)
        #expect(try reopened.audit() == 301)
        let names = try await reopened.store.pool.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE name = 'certificates'")
        }
        #expect(names.isEmpty)
    }

    @Test func recordsOfVersion2AreFoundAndHaveNoRepository() async throws {
        let log = try StoredLog(at: path)
        try await log.append(3)
        try await log.close()
        let database = try DatabaseQueue(path: path)
        try database.inDatabase { db in
            for column in ["san", "issuer", "serial", "rule", "repository", "time"] {
                try db.execute(sql: "DROP INDEX records_by_\(column)")
            }
            try db.execute(
                sql: "ALTER TABLE records DROP COLUMN repository; DROP TABLE entry_keys; PRAGMA user_version = 2"
            )
        }
        try database.close()
        #expect(throws: LogStorageError.olderSchema(path: path, found: 2, known: 4)) {
            try SQLiteLogStore.openReadOnly(at: path)
        }
        let reopened = try StoredLog(at: path, isNew: false, signer: log.signer)
        var query = RecordQuery()
        query.identity = .equal("1")
        let found = try reopened.store.records(matching: query, before: nil, count: 9)
        #expect(found.map(\.index) == [LeafIndex(1)])
        #expect(found.map(\.record.repository) == [nil])
        #expect(try reopened.audit() == 3)
    }

    @Test func migratedSchemaIsTheOneThatIsCreated() async throws {
        _ = try await makeVersion1(count: 1)
        try SQLiteLogStore.open(at: path).close()
        try SQLiteLogStore.create(at: folder.path("new.sqlite")).close()
        let schemas = try ["log.sqlite", "new.sqlite"].map { name in
            try DatabaseQueue(path: folder.path(name)).read { db in
                try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")
                    + [String(try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0)]
            }
        }
        #expect(schemas[0] == schemas[1])
    }

    @Test(arguments: ["certificates", "entries_by_leaf_hash"])
    func damagedDatabaseIsNotMigrated(name: String) async throws {
        _ = try await makeVersion1(count: 3)
        let database = try DatabaseQueue(path: path)
        try database.inDatabase { db in
            try db.execute(sql: "DROP \(name == "certificates" ? "TABLE" : "INDEX") \(name)")
        }
        try database.close()
        #expect(throws: LogStorageError.schemaDamaged(path: path, name: name)) { try SQLiteLogStore.open(at: path) }
        #expect(try version() == 1)
    }

    @Test func migrationThatFailsLeavesTheDatabaseAsItWas() async throws {
        _ = try await makeVersion1(count: 3)
        let database = try DatabaseQueue(path: path)
        // A column that no row of version 1 has: the copy fails after the tables were made.
        try database.inDatabase { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF; DELETE FROM entries WHERE leaf_index = 0")
            try db.execute(sql: "CREATE TABLE token_uses (x)")
        }
        try database.close()
        #expect(throws: LogStorageError.unusable(path: path, .failed(code: 1))) { try SQLiteLogStore.open(at: path) }
        #expect(try version() == 1)
        let rows = try await DatabaseQueue(path: path).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM certificates") ?? 0
        }
        #expect(rows == 2)
    }

    @Test func laterVersionInTheWriteAheadLogIsSeen() async throws {
        let log = try StoredLog(at: path)
        try await log.append(1)
        // The header in the file still says 4.
        try await log.store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 5") }
        #expect(throws: LogStorageError.newerSchema(path: path, found: 5, known: 4)) {
            try SQLiteLogStore.open(at: path)
        }
    }

    private func version() throws -> Int? {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    }
}
