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

@Suite("SQLiteLogStore: records and uses")
struct SQLiteRecordTests {
    private let folder: ScratchFolder
    private var path: String { folder.path("log.sqlite") }
    private let once = UseLimit(
        key: SHA256Digest(hashing: Array("token".utf8)),
        usesMax: 1,
        expirySeconds: 1_700_000_600
    )

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func twoConnectionsRaceForOneUseAndOneWins() async throws {
        let one = try StoredLog(at: path)
        let other = try StoredLog(at: path, isNew: false, signer: one.signer)
        let results = await withTaskGroup(of: Result<SequencedEntry, any Error>.self) { group in
            for task in 0..<16 {
                let log = task.isMultiple(of: 2) ? one : other
                group.addTask {
                    do {
                        return .success(try await log.sequencer.append(TestLeaf.entry("\(task)", use: once)))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var places: [SequencedEntry] = []
        for result in results {
            switch result {
            case .success(let place): places.append(place)
            case .failure(let error): #expect(error as? LogError == .usedUp(uses: 1))
            }
        }
        #expect(places.map(\.use) == [1])
        #expect(try one.audit() == 1)
        #expect(try one.store.records(newest: 9).count == 1)
    }

    @Test func restartKeepsTheCount() async throws {
        let log = try StoredLog(at: path)
        _ = try await log.sequencer.append(TestLeaf.entry("a", use: once))
        try await log.close()
        let reopened = try StoredLog(at: path, isNew: false, signer: log.signer)
        await #expect(throws: LogError.usedUp(uses: 1)) {
            try await reopened.sequencer.append(TestLeaf.entry("b", use: once))
        }
        #expect(try reopened.audit() == 1)
    }

    @Test(arguments: FaultyLogStore.Fault.allCases)
    func useIsCountedWithItsEntry(_ fault: FaultyLogStore.Fault) async throws {
        let log = try StoredLog(at: path)
        let faulty = FaultyLogStore(log.store)
        let sequencer = try Sequencer.open(
            faulty,
            signer: log.signer,
            merkleLeaf: TestLeaf.read,
            clock: TestClock().now
        )
        faulty.failAppend(fault, with: .full)
        let during = try? await sequencer.append(TestLeaf.entry("during", use: once))
        #expect(during?.use == (fault == .keptButReportedLost ? 1 : nil))
        let after = try? await sequencer.append(TestLeaf.entry("after", use: once))
        #expect(after?.use == (fault == .refused ? 1 : nil))
        #expect(try log.audit() == 1)
        #expect(try log.store.uses(of: once.key) == 1)
    }

    @Test func recordIsThereExactlyWhenItsEntryIs() async throws {
        let log = try StoredLog(at: path)
        try await log.append(1)
        // The second row can't be stored, so nothing of the batch is.
        try await log.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "INSERT INTO token_uses VALUES (1700000600, x'00', 1)")
            try db.execute(
                sql: """
                    CREATE TRIGGER t BEFORE INSERT ON token_uses BEGIN SELECT RAISE(ABORT, 'no'); END
                    """
            )
        }
        await #expect(throws: LogError.self) { try await log.sequencer.append(TestLeaf.entry("a", use: once)) }
        #expect(try log.store.records(newest: 9).count == 1)
        #expect(try log.audit() == 1)
    }

    @Test func forgettingIsBoundedForEachBatchAndOutpacesIt() throws {
        let store = try SQLiteLogStore.create(at: path)
        func record(seconds: UInt64) -> IssuanceRecord {
            IssuanceRecord(.issued, RequestID(text: "r"), at: EntryTimestamp(milliseconds: seconds * 1000))
        }
        for number in 0..<100 {
            let key = SHA256Digest(hashing: Array("\(number)".utf8))
            _ = try store.add(
                record(seconds: 0),
                counting: UseLimit(key: key, usesMax: nil, expirySeconds: Int64(number % 3))
            )
        }
        var counts: [Int] = []
        for _ in 0..<7 {
            _ = try store.add(record(seconds: 1_700_000_000), counting: once.uncounted)
            counts.append(try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM token_uses") ?? 0 })
        }
        #expect(counts == [83, 65, 47, 29, 11, 1, 1])
    }

    @Test func plansReadNoMoreThanTheyReturn() throws {
        let store = try SQLiteLogStore.create(at: path)
        let plans = try store.pool.read { db in
            try [
                "DELETE FROM records WHERE refusal <= 7",
                "SELECT max(refusal) FROM records WHERE refusal IS NOT NULL",
                """
                DELETE FROM token_uses WHERE (expiry, key) IN
                    (SELECT expiry, key FROM token_uses WHERE expiry < 7 ORDER BY expiry, key LIMIT 9)
                """,
                "SELECT decision FROM records WHERE leaf_index = 7",
            ].map { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
        }
        for plan in plans { #expect(!plan.contains { $0.hasPrefix("SCAN records") || $0.hasPrefix("SCAN token") }) }
    }

    /// One way to search, and the index that must find the records by part and value.
    private static let ways: [(index: String, query: RecordQuery)] = {
        func query(_ set: (inout RecordQuery) -> Void) -> RecordQuery {
            var query = RecordQuery()
            set(&query)
            return query
        }
        return [
            ("records_by_san", query { $0.identity = .equal("1") }),
            ("records_by_san", query { $0.identity = .beginning("1") }),
            ("records_by_issuer", query { $0.issuer = "https://issuer.test" }),
            ("records_by_serial", query { $0.serialHex = "0a1" }), ("records_by_rule", query { $0.rule = "rule" }),
            ("records_by_repository", query { $0.repository = .beginning("https") }),
            ("records_by_time", query { $0.since = EntryTimestamp(milliseconds: 1) }),
        ]
    }()

    @Test(arguments: ways)
    func searchLooksIntoItsIndexByPartAndValue(index: String, query: RecordQuery) async throws {
        let log = try StoredLog(at: path)
        try await log.append(3)
        let plans = try await log.store.pool.read { db in
            var statements: [String] = []
            db.trace { event in
                if case .statement(let statement) = event { statements.append(statement.expandedSQL) }
            }
            _ = try SQLiteSearch(query).records(in: db, before: nil, count: 10)
            db.trace(options: [])
            return try statements.filter { $0.contains(index) }.flatMap { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
        }
        let looks = plans.filter { $0.contains(index) }
        #expect(!looks.isEmpty)
        for look in looks { #expect(look.contains("(<expr>=? AND "), "\(look)") }
    }

    @Test func unreadableCountIsDamage() throws {
        let store = try SQLiteLogStore.create(at: path)
        try store.pool.writeWithoutTransaction { db in
            try db.execute(
                sql: "INSERT INTO token_uses VALUES (?, ?, -1)",
                arguments: [once.key.expirySeconds, Data(once.key.digest.bytes)]
            )
        }
        #expect(throws: LogStoreError.damaged(.useCountUnreadable)) { try store.uses(of: once.key) }
    }
}

extension UseLimit {
    /// The same key, only counted.
    fileprivate var uncounted: UseLimit {
        UseLimit(key: key.digest, usesMax: nil, expirySeconds: key.expirySeconds)
    }
}
