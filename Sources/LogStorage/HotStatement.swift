import GRDB
import GRDBSQLite

/// A statement that runs once or twice for every entry, bound and stepped without GRDB. Its arguments take existentials,
/// copies and checks for which a transaction of 64 entries paid 5 µs an entry. To be used on the thread and in the
/// closure that the connection was given to; the statement belongs to the connection's cache.
struct HotStatement {
    /// "The SQLITE_TRANSIENT value means that the content will likely change in the near future and that SQLite should
    /// make its own private copy of the content before returning." (https://www.sqlite.org/c3ref/c_static.html)
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private let owner: Statement
    private var raw: OpaquePointer { owner.sqliteStatement }

    /// The statement with this text, prepared once for each connection.
    init(_ sql: String, in db: Database) throws {
        owner = try db.cachedStatement(sql: sql)
    }

    /// Binds the parameter `index`, counted from 1.
    func bind(_ value: Int64?, at index: Int32) throws {
        try check(value.map { sqlite3_bind_int64(raw, index, $0) } ?? sqlite3_bind_null(raw, index))
    }

    /// Binds the parameter `index`, counted from 1.
    func bind(_ value: String?, at index: Int32) throws {
        guard let value else { return try check(sqlite3_bind_null(raw, index)) }
        // With its length, for a text may have a zero byte in it.
        let byteCount = Int32(clamping: value.utf8.count)
        try check(value.withCString { sqlite3_bind_text(raw, index, $0, byteCount, Self.transient) })
    }

    /// Binds the parameter `index`, counted from 1.
    func bind(_ value: [UInt8]?, at index: Int32) throws {
        guard let value, !value.isEmpty else {
            return try check(
                value == nil ? sqlite3_bind_null(raw, index) : sqlite3_bind_zeroblob(raw, index, 0)
            )
        }
        try check(
            value.withUnsafeBytes {
                sqlite3_bind_blob(raw, index, $0.baseAddress, Int32(clamping: $0.count), Self.transient)
            }
        )
    }

    /// Runs the statement with what is bound, and makes it ready for the next time. Returns the first column of the
    /// first row, 0 when it isn't a number; nil when there is no row.
    @discardableResult
    func run() throws -> Int64? {
        // What reset returns is what step has returned.
        defer { _ = sqlite3_reset(raw) }
        switch sqlite3_step(raw) {
        case SQLITE_DONE: return nil
        case SQLITE_ROW: return sqlite3_column_int64(raw, 0)
        case let code: throw error(code)
        }
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw error(code) }
    }

    private func error(_ code: Int32) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code))
    }
}
