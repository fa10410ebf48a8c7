import Foundation
import GRDB
public import Log
public import Records
public import Transparency

/// A log in an SQLite database: the store of a single machine.
///
/// Durable when: `append` returns; a commit is one fsync of the write-ahead log (`synchronous = FULL`).
/// Consistent how: one connection writes, under SQLite's own lock, which also excludes other processes; readers see the
/// last commit. Callable from where: as ``LogStore`` says. A malicious store: as ``LogStore`` says; whoever may write
/// the file or the write-ahead log beside it is trusted not to take the log back to an older state.
///
/// BUG: SQLite takes damage in the write-ahead log for a torn write, and drops all that follows it. A bit that rots
/// there between a stop without warning and the next start can so undo acknowledged entries, and the log forks. Only
/// the last few megabytes are ever there; a checkpoint that is kept elsewhere shows the fork.
public final class SQLiteLogStore: DurableStore {
    let pool: DatabasePool
    /// Nil in a store that only reads.
    private let checkpointer: SQLiteCheckpointer?
    private let path: String
    let refusalsMax: Int

    /// How many records of refusals are kept unless told otherwise.
    public static let refusalsMax = 100_000

    /// Makes a database without a log in it; ``Sequencer/create(in:signer:clock:)`` is next. The file appears whole or
    /// not at all. `lockWaitSeconds` and
    /// `refusalsMax` as for `open`. Throws `.exists` and `.unusable`.
    public static func create(
        at path: String,
        lockWaitSeconds: Double = 5,
        refusalsMax: Int = SQLiteLogStore.refusalsMax
    ) throws(LogStorageError) -> SQLiteLogStore {
        guard !FileManager.default.fileExists(atPath: path) else { throw .exists(path: path) }
        let draft = path + ".new"
        do throws(LogStoreError) {
            try LogStoreError.mapping {
                try? FileManager.default.removeItem(atPath: draft)
                let database = try DatabaseQueue(path: draft)
                try database.inDatabase(SQLiteSchema.create)
                try database.close()
            }
        } catch {
            throw .unusable(path: path, error)
        }
        // A link, for a rename would replace a file that has appeared in the meantime.
        let isLinked = (try? FileManager.default.linkItem(atPath: draft, toPath: path)) != nil
        try? FileManager.default.removeItem(atPath: draft)
        guard isLinked else {
            throw FileManager.default.fileExists(atPath: path)
                ? .exists(path: path) : .unusable(path: path, .inputOutput(code: 0))
        }
        return try open(at: path, lockWaitSeconds: lockWaitSeconds, refusalsMax: refusalsMax)
    }

    /// Opens a database after checking what can be checked quickly: the header, the length, the schema. Whether the log
    /// in it is whole is for ``Sequencer/open(_:signer:merkleLeaf:clock:limits:)`` to say. A file that is refused for
    /// its header or length is left untouched; one that an earlier version made is brought up to date, in one
    /// transaction. The newest `refusalsMax` records of refusals are kept. A write waits `lockWaitSeconds` at most for another process (a read,
    /// GRDB's ten). Throws every case but `.exists`.
    public static func open(
        at path: String,
        lockWaitSeconds: Double = 5,
        refusalsMax: Int = SQLiteLogStore.refusalsMax
    ) throws(LogStorageError) -> SQLiteLogStore {
        try SQLiteHeader.check(path: path)
        let configuration = configuration(lockWaitSeconds: lockWaitSeconds)
        let store: SQLiteLogStore
        let refusal: LogStorageError?
        do throws(LogStoreError) {
            (store, refusal) = try LogStoreError.mapping {
                let pool = try DatabasePool(path: path, configuration: configuration)
                let refusal = try pool.writeWithoutTransaction { db in
                    // After GRDB, which sets NORMAL for write-ahead logs.
                    try db.execute(sql: "PRAGMA synchronous = FULL")
                    try db.execute(sql: "PRAGMA wal_autocheckpoint = \(SQLiteCheckpointer.pagesMax)")
                    let refusal = try SQLiteSchema.migrate(db, path: path)
                    // GRDB begins a write-ahead log with a transaction of its own, under NORMAL: not synced. What follows
                    // it is of no use without it, and SQLite would not write it again should a checkpoint be the first
                    // to sync it, and fail. So a transaction of one page makes it durable before anything is promised.
                    if refusal == nil { try db.execute(sql: "PRAGMA user_version = \(SQLiteSchema.version)") }
                    return refusal
                }
                let checkpointer = try SQLiteCheckpointer(path: path, configuration: configuration)
                let store = SQLiteLogStore(
                    pool: pool,
                    checkpointer: checkpointer,
                    path: path,
                    refusalsMax: refusalsMax
                )
                return (store, refusal)
            }
        } catch {
            throw .unusable(path: path, error)
        }
        if let refusal { throw refusal }
        return store
    }

    init(pool: DatabasePool, checkpointer: SQLiteCheckpointer?, path: String, refusalsMax: Int) {
        self.pool = pool
        self.checkpointer = checkpointer
        self.path = path
        self.refusalsMax = max(0, refusalsMax)
    }

    static func configuration(lockWaitSeconds: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "log"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(lockWaitSeconds)
        configuration.prepareDatabase { db in
            // KiB, each connection; the system's cache holds the rest.
            try db.execute(sql: "PRAGMA cache_size = -2048")
            // Of no effect but on macOS, where fsync alone doesn't reach the platter.
            try db.execute(sql: "PRAGMA fullfsync = ON")
            try db.execute(sql: "PRAGMA checkpoint_fullfsync = ON")
        }
        return configuration
    }

    /// Closes the database, and so folds the write-ahead log into it. Calls after that throw `.closed`.
    public func close() throws(LogStoreError) {
        // Last the connection that may write, for it folds in the rest.
        try LogStoreError.mapping {
            try pool.close()
            try checkpointer?.close()
        }
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
        try LogStoreError.mapping {
            // A statement for each part of the index: together they see one moment.
            try pool.read { db in
                try SQLiteReads(db: db).indices(ofKeys: keys, needsAll: needsAll, count: count)
            }
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

    func read<Value>(
        _ body: (SQLiteReads) throws(LogStoreError) -> Value
    ) throws(LogStoreError) -> Value {
        // Each read is one statement, and so sees one moment without a transaction.
        try LogStoreError.mapping { try pool.unsafeRead { db in try body(SQLiteReads(db: db)) } }
    }

    // MARK: LogStore

    /// See ``LogStore/append(_:)``.
    public func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError) {
        try write { db in
            guard let batch = prepare(SQLiteReads(db: db)) else { return nil }
            try SQLiteWrites(db: db).add(batch)
            return batch.entries.count
        }
    }

    /// Runs `body` in one transaction, and commits when it returns how many rows it has added. The write lock comes
    /// first: what `body` reads stays the newest.
    func write(_ body: (Database) throws -> Int?) throws(LogStoreError) {
        guard let checkpointer else { throw .readOnly }
        let rowCount = try LogStoreError.mapping {
            try pool.writeWithoutTransaction { db in
                var rowCount: Int?
                checkpointer.finish(on: db)
                try db.inTransaction(.immediate) {
                    rowCount = try body(db)
                    return rowCount == nil ? .rollback : .commit
                }
                return rowCount
            }
        }
        if let rowCount { checkpointer.noteCommit(entryCount: rowCount) }
    }

    /// See ``LogStore/probe()``.
    public func probe() throws(LogStoreError) {
        guard checkpointer != nil, FileManager.default.isWritableFile(atPath: path) else { throw .readOnly }
        try LogStoreError.mapping {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try db.execute(sql: "UPDATE heads SET size = size")
                    return .rollback
                }
            }
        }
        // A transaction meets a full disk only when it commits.
        let system = try? FileManager.default.attributesOfFileSystem(forPath: path)
        let freeBytes = (system?[.systemFreeSize] as? NSNumber)?.uint64Value ?? .max
        guard freeBytes >= SQLiteLogStore.freeBytesMin else { throw .full }
    }

    /// The disk counts as full before it is: a write-ahead log grows by megabytes.
    private static let freeBytesMin: UInt64 = 16 << 20
}
