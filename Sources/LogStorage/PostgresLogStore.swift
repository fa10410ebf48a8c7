public import Log
public import Records
public import Transparency

/// A log in a PostgreSQL database: the store of any number of replicas.
///
/// Durable when: `append` returns; the server has flushed the commit (`synchronous_commit` and `fsync`, without which the
/// database is refused). With standbys: what the server's `synchronous_standby_names` says.
/// Consistent how: `append` locks the one row of `heads` first, so one writer at a time extends the head, wherever it
/// runs; there is no leader. Readers see what is committed.
/// Callable from where: as ``LogStore`` says. A client that has stopped in the middle of a batch loses its lock after one
/// second, to the server or to the next writer. Any other wait ends after 5 s.
/// A malicious store: as ``LogStore`` says. So it is with a standby that takes over without the newest commits: the log
/// goes back, which a running sequencer notices and a new one doesn't.
public final class PostgresLogStore: DurableStore {
    /// For batches, and for nothing else: nothing that reads is in their way.
    let writer: PostgresPool
    let others: PostgresPool
    private let refusalsMax: Int

    /// Connects to a database without a log in it, and makes the tables if there are none; then
    /// ``Sequencer/create(in:signer:clock:)`` is next. `refusalsMax` as for `open`. Throws what `open` does, but
    /// `.hasNoTables`, and `.hasLog`.
    public static func create(
        in source: DataSourceName,
        refusalsMax: Int = SQLiteLogStore.refusalsMax
    ) throws(LogStorageError) -> PostgresLogStore {
        try prepare(source, mayCreate: true)
        let store = PostgresLogStore(source: source, refusalsMax: refusalsMax)
        let head: StoredHead?
        do throws(LogStoreError) { head = try store.head() } catch { throw .unusable(path: source.path, error) }
        guard head == nil else { throw .hasLog(path: source.path) }
        return store
    }

    /// Connects to a database in which a log was created, and brings its tables up to date. The newest `refusalsMax`
    /// records of refusals are kept. Blocks, a few seconds at most. Throws `.dataSourceInvalid`, `.unreachable`,
    /// `.serverSetting`, `.hasNoTables`, `.newerSchema`, `.schemaDamaged`, `.unusable`.
    public static func open(
        _ source: DataSourceName,
        refusalsMax: Int = SQLiteLogStore.refusalsMax
    ) throws(LogStorageError) -> PostgresLogStore {
        try prepare(source, mayCreate: false)
        return PostgresLogStore(source: source, refusalsMax: refusalsMax)
    }

    private static func prepare(_ source: DataSourceName, mayCreate: Bool) throws(LogStorageError) {
        let connection = try PostgresConnection(to: source)
        let refusal: LogStorageError?
        do throws(LogStoreError) {
            if mayCreate, !source.schemaSuffix.isEmpty { try connection.createSchema() }
            refusal = try PostgresSchema.migrate(connection, path: source.path, mayCreate: mayCreate)
        } catch {
            throw .unusable(path: source.path, error)
        }
        if let refusal { throw refusal }
    }

    private init(source: DataSourceName, refusalsMax: Int) {
        writer = PostgresPool(source: source, count: 1)
        others = PostgresPool(source: source, count: 3)
        self.refusalsMax = max(0, refusalsMax)
    }

    /// See ``DurableStore/close()``.
    public func close() {
        writer.close()
        others.close()
    }

    // MARK: LogReads

    /// See ``LogReads/head()``.
    public func head() throws(LogStoreError) -> StoredHead? {
        try read { reads throws(LogStoreError) in try reads.head() }
    }

    /// See ``LogReads/tile(_:)``.
    public func tile(_ id: TileID) throws(LogStoreError) -> Tile? {
        try read { reads throws(LogStoreError) in try reads.tile(id) }
    }

    /// See ``LogReads/entries(from:count:)``.
    public func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry] {
        try read { reads throws(LogStoreError) in try reads.entries(from: first, count: count) }
    }

    /// See ``LogReads/index(ofLeafHash:)``.
    public func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex? {
        try read { reads throws(LogStoreError) in try reads.index(ofLeafHash: hash) }
    }

    /// See ``LogReads/indices(ofKeys:needsAll:count:)``.
    public func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex] {
        try read { reads throws(LogStoreError) in
            try reads.indices(ofKeys: keys, needsAll: needsAll, count: count)
        }
    }

    /// See ``LogReads/record(of:)``.
    public func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? {
        try read { reads throws(LogStoreError) in try reads.record(of: index) }
    }

    /// See ``LogReads/uses(of:)``.
    public func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int {
        try read { reads throws(LogStoreError) in try reads.uses(of: key) }
    }

    private func read<Value>(
        _ body: (PostgresReads) throws(LogStoreError) -> Value
    ) throws(LogStoreError) -> Value {
        // Each read is one statement, and so sees one moment without a transaction.
        try others.run { connection throws(LogStoreError) in try body(PostgresReads(connection: connection)) }
    }

    // MARK: LogStore

    /// See ``LogStore/append(_:)``.
    public func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) {
        try withLock(of: writer, Self.lockHead) { connection, head throws(LogStoreError) in
            guard let batch = prepare(PostgresReads(connection: connection, lockedHead: head)) else {
                _ = try connection.run(PostgresCall(Self.rollback))
                return
            }
            try Self.commit(try PostgresWrites.add(batch, isFirst: head.count == 0), on: connection)
        }
    }

    /// Lends a connection in a transaction that has locked what `lock` locks. Who keeps it locked and says nothing is sent
    /// away, once: the server itself does that only between a client's round trips, not in the middle of one.
    private func withLock<Locked, Value>(
        of pool: PostgresPool,
        _ lock: (PostgresConnection) throws(LogStoreError) -> Locked,
        _ body: (PostgresConnection, Locked) throws(LogStoreError) -> Value
    ) throws(LogStoreError) -> Value {
        var isLocked = false
        let attempt = { (connection: PostgresConnection) throws(LogStoreError) -> Value in
            let locked = try lock(connection)
            isLocked = true
            return try body(connection, locked)
        }
        do throws(LogStoreError) { return try pool.run(attempt) } catch {
            guard case .busy = error, !isLocked else { throw error }
        }
        try others.run { connection throws(LogStoreError) in
            _ = try connection.run(PostgresCall(Self.sendSilentAway))
        }
        return try pool.run(attempt)
    }

    /// Begins a transaction that excludes every other writer. What is read after that is the newest, for each statement
    /// sees what was committed before it began (READ COMMITTED).
    private static func lockHead(on connection: PostgresConnection) throws(LogStoreError) -> PostgresRows {
        let row = try connection.run([PostgresCall(begin), PostgresCall(PostgresReads.lockHead)])[1]
        if row.count > 0 { return row }
        // Without a row nobody is excluded yet. Begun anew, for two that hold a weaker lock would wait for each other.
        return try connection.run([
            PostgresCall(rollback), PostgresCall(begin), PostgresCall(once: "LOCK TABLE heads IN EXCLUSIVE MODE"),
            PostgresCall(PostgresReads.lockHead),
        ])[3]
    }

    private static func commit(_ calls: [PostgresCall], on connection: PostgresConnection) throws(LogStoreError) {
        let all = calls + [PostgresCall(commit)]
        // A transaction that failed is rolled back by COMMIT, without an error.
        guard try connection.run(all).last?.command == "COMMIT" else { throw LogStoreError(sqlState: nil) }
    }

    /// See ``LogStore/probe()``. Commits nothing, but so that the server has to write to its disk.
    public func probe() throws(LogStoreError) {
        try others.run { connection throws(LogStoreError) in
            _ = try connection.run(PostgresCall(Self.probe))
        }
    }

    // MARK: RecordStore

    private static func lockRecords(on connection: PostgresConnection) throws(LogStoreError) {
        _ = try connection.run([PostgresCall(begin), PostgresCall(lockForRecords)])
    }

    /// See ``RecordStore/add(_:)``.
    public func add(_ records: [IssuanceRecord]) throws(LogStoreError) {
        try withLock(of: others, Self.lockRecords) { connection, _ throws(LogStoreError) in
            try Self.commit(PostgresWrites.add(records, refusalsMax: refusalsMax), on: connection)
        }
    }

    /// See ``RecordStore/add(_:counting:)``.
    public func add(_ record: IssuanceRecord, counting use: UseLimit?) throws(LogStoreError) -> Recording {
        try withLock(of: others, Self.lockRecords) { connection, _ throws(LogStoreError) in
            var (calls, next): ([PostgresCall], Int?) = ([], nil)
            if let use {
                let before = try PostgresReads(connection: connection).uses(of: use.key)
                next = use.next(after: before)
                guard let next else {
                    _ = try connection.run(PostgresCall(Self.rollback))
                    return .usedUp(uses: before)
                }
                calls += PostgresWrites.setUses([use.key: next], now: record.timestamp)
            }
            calls += PostgresWrites.add([record], refusalsMax: refusalsMax)
            try Self.commit(calls, on: connection)
            return .added(use: next)
        }
    }

    /// See ``RecordStore/records(matching:before:count:)``.
    public func records(
        matching query: RecordQuery,
        before number: UInt64?,
        count: Int
    ) throws(LogStoreError) -> [StoredRecord] {
        let call = PostgresSearch(query, before: number, count: count).call
        return try others.run { connection throws(LogStoreError) in
            try PostgresSearch.records(in: try connection.run(call))
        }
    }

    // MARK: Statements

    private static let begin = PostgresStatement(name: "begin", sql: "BEGIN ISOLATION LEVEL READ COMMITTED")
    private static let rollback = PostgresStatement(name: "rollback", sql: "ROLLBACK")
    private static let commit = PostgresStatement(name: "commit", sql: "COMMIT")

    private static let recordsLock = 0x4D46_4C47 + 1

    /// Writers of records that no entry carries, one at a time.
    private static let lockForRecords = PostgresStatement(
        name: "lock_records",
        sql: "SELECT pg_advisory_xact_lock(\(recordsLock))"
    )

    /// Ends the transactions with one of our locks whose clients have said nothing for half a second. What they had not
    /// committed is undone, as when their connection breaks.
    private static let sendSilentAway = PostgresStatement(
        name: "send_silent_away",
        sql: """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND wait_event_type = 'Client'
            AND query_start < clock_timestamp() - INTERVAL '500 milliseconds'
            AND pid IN (SELECT pid FROM pg_locks WHERE granted
                AND (locktype = 'advisory' AND objid = \(recordsLock)
                    OR relation = 'heads'::regclass AND mode = 'RowShareLock'))
            """
    )

    /// Locking a row is a transaction that is flushed to disk. When a batch has the row, the disk is in use anyway.
    private static let probe = PostgresStatement(
        name: "probe",
        sql: "SELECT 1 FROM heads WHERE id = 1 FOR UPDATE SKIP LOCKED"
    )
}
