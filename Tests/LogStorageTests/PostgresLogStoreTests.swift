import CPostgres
import Dispatch
import Keys
import Log
import LogTestKit
import Records
import Synchronization
import Testing
import Transparency

@testable import LogStorage

@Suite("PostgresLogStore", .timeLimit(.minutes(2)))
struct PostgresLogStoreTests {
    private let source: DataSourceName
    private let signer = TestSigner()

    init() throws {
        source = try PostgresServer.shared.get().newSource()
    }

    private func sequencer(_ store: any LogStore) throws -> Sequencer {
        try Sequencer.open(store, signer: signer, merkleLeaf: TestLeaf.read, clock: TestClock().now)
    }

    /// A batch that makes the checkpoint one byte longer.
    private static func touch(_ locked: any LogReads) -> LogBatch? {
        guard let head = try? locked.head() else { return nil }
        return LogBatch(
            entries: [],
            tiles: [],
            head: StoredHead(tree: head.tree, checkpoint: head.checkpoint + [0])
        )
    }

    private func newLog() throws -> PostgresLogStore {
        let store = try PostgresLogStore.create(in: source)
        try Sequencer.create(in: store, signer: signer, clock: TestClock().now)
        return store
    }

    @Test("of many who create a log at once, one does")
    func logIsCreatedOnce() throws {
        let results = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                let store = try PostgresLogStore.create(in: source)
                try Sequencer.create(in: store, signer: signer, clock: TestClock().now)
                results.withLock { $0.append("created") }
            } catch LogError.exists, LogStorageError.hasLog {
                results.withLock { $0.append("exists") }
            } catch {
                results.withLock { $0.append("\(error)") }
            }
        }
        let expected = ["created"] + [String](repeating: "exists", count: 7)
        #expect(results.withLock { $0.sorted() } == expected)
        #expect(throws: LogStorageError.hasLog(path: "dsn")) { try PostgresLogStore.create(in: source) }
    }

    @Test("several sequencers, whose connections are cut again and again, make one log and lose nothing")
    func connectionsAreCut() async throws {
        let first = try newLog()
        let stores = try [first, PostgresLogStore.open(source), PostgresLogStore.open(source)]
        let sequencers = try stores.map { try sequencer($0) }
        let cutter = Task.detached { [source] in
            let connection = try PostgresConnection(to: source)
            let cut = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')
                ORDER BY random() LIMIT 1
                """
            // Often, but not so often that nothing gets through.
            while (try? await Task.sleep(for: .milliseconds(5))) != nil {
                _ = try connection.run(PostgresCall(once: cut))
            }
        }
        let placed = await withTaskGroup(of: [String: SequencedEntry].self) { group in
            for task in 0..<12 {
                group.addTask {
                    var placed: [String: SequencedEntry] = [:]
                    for number in 0..<50 {
                        let text = "\(task)/\(number)"
                        placed[text] = try? await sequencers[task % 3].append(TestLeaf.entry(text))
                    }
                    return placed
                }
            }
            return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
        cutter.cancel()
        try await cutter.value
        let head = try LogAudit.run(first, signer: signer, merkleLeaf: TestLeaf.read)
        let entries = try first.entries(from: LeafIndex(0), count: Int(head.tree.size.value))
        for (text, place) in placed {
            #expect(TestLeaf.text(entries[Int(place.index.value)].stored) == text)
        }
        #expect(placed.count > 100 && placed.count < 600)
        #expect(Set(entries.map { TestLeaf.text($0.stored) }).count == entries.count)
    }

    @Test("who stops while it holds the head keeps others out for less than two seconds, and has added nothing")
    func stoppedWriterLosesItsLock() throws {
        let stopped = try newLog()
        let other = try PostgresLogStore.open(source)
        var waited = Duration.zero
        #expect(throws: LogStoreError.self) {
            try stopped.append { locked in
                let begin = ContinuousClock.now
                if (try? other.append(Self.touch)) == nil { Issue.record("the other was kept out") }
                waited = ContinuousClock.now - begin
                return Self.touch(locked)
            }
        }
        #expect(waited > .milliseconds(500) && waited < .seconds(2))
        let checkpoint = try #require(try stopped.head()?.checkpoint)
        #expect(checkpoint.last == 0 && checkpoint.dropLast().last != 0)
    }

    /// PostgreSQL's own timeouts don't count the time between two messages of one round trip.
    @Test("who stops in the middle of sending a batch keeps others out for less than two seconds")
    func stoppedSenderLosesItsLock() throws {
        let store = try newLog()
        let stopped = try source.bytes.withUnsafeBytes { bytes in
            try #require(PQconnectdb(bytes.baseAddress?.assumingMemoryBound(to: CChar.self)))
        }
        defer { PQfinish(stopped) }
        for timeout in ["idle_in_transaction_session_timeout = 1000", "statement_timeout = 2000"] {
            PQclear(PQexec(stopped, "SET \(timeout)"))
        }
        #expect(PQenterPipelineMode(stopped) == 1)
        for statement in ["BEGIN", "SELECT * FROM heads FOR UPDATE"] {
            #expect(PQsendQueryParams(stopped, statement, 0, nil, nil, nil, nil, 0) == 1)
        }
        // Without the end of the round trip.
        #expect(PQsendFlushRequest(stopped) == 1 && PQflush(stopped) == 0)
        PQclear(PQgetResult(stopped))
        let begin = ContinuousClock.now
        try store.append(Self.touch)
        #expect(ContinuousClock.now - begin < .seconds(2))
    }

    @Test("a crash of the server in the middle of a batch costs that batch, and the log goes on by itself")
    func serverCrashes() async throws {
        let server = try PostgresServer()
        let store = try PostgresLogStore.create(in: try server.source())
        try Sequencer.create(in: store, signer: signer, clock: TestClock().now)
        let log = try sequencer(store)
        _ = try await log.append(TestLeaf.entry("before"))
        let crash = LogEntry { index, _ in
            try server.order("kill")
            return LogLeaf(merkleLeaf: [1], stored: [1])
        }
        await #expect(throws: LogError.self) { try await log.append(crash) }
        await #expect(throws: LogError.self) { try await log.append(TestLeaf.entry("during")) }
        await #expect(throws: LogError.self) { try await log.checkReady() }
        try server.order("start")
        #expect(try await log.append(TestLeaf.entry("after")).index.value > 0)
        try await log.checkReady()
        #expect(signer.forks.isEmpty)
    }

    @Test("what no standby has is not acknowledged, and once one has it the log goes on from there")
    func standbyIsMissing() async throws {
        let server = try PostgresServer()
        let store = try PostgresLogStore.create(in: try server.source())
        try Sequencer.create(in: store, signer: signer, clock: TestClock().now)
        let log = try sequencer(store)
        let administrator = try PostgresConnection(to: try server.source())
        func require(standby name: String) throws {
            let set = "ALTER SYSTEM SET synchronous_standby_names = '\(name)'"
            _ = try administrator.run(PostgresCall(once: set))
            _ = try administrator.run(PostgresCall(once: "SELECT pg_reload_conf()"))
            let show = PostgresCall(once: "SHOW synchronous_standby_names")
            while try administrator.run(show).text(0, 0) != name { continue }
        }
        try require(standby: "nobody")
        await #expect(throws: LogError.self) { try await log.append(TestLeaf.entry("a")) }
        try require(standby: "")
        #expect(try await log.append(TestLeaf.entry("b")).index == LeafIndex(1))
        #expect(try LogAudit.run(store, signer: signer, merkleLeaf: TestLeaf.read).tree.size == TreeSize(2))
        #expect(signer.forks.isEmpty)
    }

    @Test("a text with a zero character doesn't keep its batch out")
    func zeroCharacter() throws {
        let store = try newLog()
        var record = IssuanceRecord(.issued, RequestID(text: "r"), at: EntryTimestamp(milliseconds: 1))
        record.subject = "a\0b"
        try store.add([record])
        #expect(try store.records(newest: 1).first?.subject == "a\u{FFFD}b")
    }

    @Test("a server, database or connection that could lose or change entries is refused by name")
    func unsafeSettings() throws {
        for name in ["fsync", "full_page_writes"] {
            let server = try PostgresServer(settings: ["\(name)=off"])
            let refusal = LogStorageError.serverSetting(path: "dsn", name: name, value: "off")
            #expect(throws: refusal) { try PostgresLogStore.create(in: try server.source()) }
        }
        let server = try PostgresServer.shared.get()
        let off = try server.source(options: "?options=-csynchronous_commit%3Doff")
        let refusal = LogStorageError.serverSetting(path: "dsn", name: "synchronous_commit", value: "off")
        #expect(throws: refusal) { try PostgresLogStore.create(in: off) }
    }

    @Test("a database in another encoding is refused")
    func otherEncoding() throws {
        let server = try PostgresServer()
        let connection = try PostgresConnection(to: try server.source())
        let create = "CREATE DATABASE other ENCODING 'LATIN1' TEMPLATE template0"
        _ = try connection.run(PostgresCall(once: create))
        let address = server.address.replacing(try Regex("postgres$"), with: "other")
        let other = try #require(DataSourceName(path: "dsn", contents: Array(address.utf8)))
        let refusal = LogStorageError.serverSetting(path: "dsn", name: "server_encoding", value: "LATIN1")
        #expect(throws: refusal) { try PostgresLogStore.create(in: other) }
    }

    @Test("tables of a later version, and missing ones, are refused by name")
    func otherTables() throws {
        let connection = try PostgresConnection(to: source)
        #expect(throws: LogStorageError.hasNoTables(path: "dsn")) { try PostgresLogStore.open(source) }
        _ = try newLog()
        _ = try connection.run(PostgresCall(once: "DROP TABLE token_uses"))
        #expect(throws: LogStorageError.schemaDamaged(path: "dsn", name: "token_uses")) {
            try PostgresLogStore.open(source)
        }
        let later = PostgresSchema.version + 1
        _ = try connection.run(PostgresCall(once: "UPDATE mayfly_schema SET version = \(later)"))
        #expect(throws: LogStorageError.newerSchema(path: "dsn", found: later, known: PostgresSchema.version)) {
            try PostgresLogStore.open(source)
        }
    }

    @Test("no statement reads a whole table, though it was planned while all were empty")
    func plans() async throws {
        let store = try newLog()
        let log = try sequencer(store)
        let use = UseLimit(key: SHA256Digest(hashing: [UInt8](1...3)), usesMax: 1, expirySeconds: 1)
        let place = try await log.append(TestLeaf.entry("a", use: use))
        _ = try store.add(IssuanceRecord(.refused, RequestID(text: "r"), at: place.timestamp), counting: use)
        _ = (try store.head(), try store.tile(TileID(level: 0, index: 0, width: 1)), try store.records(newest: 1))
        _ = (try store.index(ofLeafHash: place.leafHash), try store.record(of: place.index))
        _ = try store.entries(from: place.index, count: 1)
        try store.probe()
        var plans: [String] = []
        for pool in [store.writer, store.others] {
            try pool.run { connection throws(LogStoreError) in plans += try Self.plans(of: connection) }
        }
        #expect(plans.count > 14)
        #expect(plans.filter { $0.contains("Seq Scan") } == [])
    }

    private static func plans(of connection: PostgresConnection) throws(LogStoreError) -> [String] {
        let sql = "SELECT name, cardinality(parameter_types)::int8 FROM pg_prepared_statements WHERE statement !~ $$"
        let known = try connection.run(PostgresCall(once: sql + "^(BEGIN|COMMIT|ROLLBACK|SET)$$"))
        var plans: [String] = []
        for row in 0..<known.count {
            let nulls = [String](repeating: "NULL", count: Int(known.signed(row, 1) ?? 0))
            let arguments = nulls.isEmpty ? "" : "(\(nulls.joined(separator: ", ")))"
            let explain = "EXPLAIN EXECUTE \(known.text(row, 0) ?? "")\(arguments)"
            let plan = try connection.run(PostgresCall(once: explain))
            plans.append((0..<plan.count).compactMap { plan.text($0, 0) }.joined(separator: "\n"))
        }
        return plans
    }

    @Test("a connection that the server has closed is replaced before anybody notices")
    func closedConnection() throws {
        let store = try newLog()
        let connection = try PostgresConnection(to: source)
        let cut = """
            SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')
            """
        #expect(try connection.run(PostgresCall(once: cut)).signed(0, 0) == 2)
        try store.append(Self.touch)
        try store.probe()
    }

    @Test("the connection string prints as nothing")
    func secret() throws {
        let text = try PostgresServer.shared.get().address
        let password = text.split(separator: ":")[2].split(separator: "@")[0]
        var dumped = ""
        dump(source, to: &dumped)
        for shown in ["\(source)", String(reflecting: source), dumped, "\(Mirror(reflecting: source).children.count)"] {
            #expect(!shown.contains(password))
        }
    }
}
