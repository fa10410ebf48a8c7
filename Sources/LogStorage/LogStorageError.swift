public import Log

/// Why a log's database couldn't be created or opened. `path` is the file of the database, or of the connection string
/// that leads to it.
public enum LogStorageError: Error, Equatable, Sendable {
    /// There is a file of that name already.
    case exists(path: String)
    /// There is no such file.
    case missing(path: String)
    /// The PostgreSQL database has a log in it already.
    case hasLog(path: String)
    /// The PostgreSQL database has no tables of this program.
    case hasNoTables(path: String)
    /// The file doesn't hold a connection string.
    case dataSourceInvalid(path: String)
    /// No connection to the PostgreSQL server; `reason` is libpq's, without the password.
    case unreachable(path: String, reason: String)
    /// The PostgreSQL server is set up so that it could lose entries, or can't keep every text.
    case serverSetting(path: String, name: String, value: String)
    /// The file doesn't begin as an SQLite database does.
    case notADatabase(path: String)
    /// The file is a database of another program.
    case foreign(path: String)
    /// The file is shorter than the database in it.
    case truncated(path: String, bytes: UInt64, expectedBytes: UInt64)
    /// The database was made by a later version of this program.
    case newerSchema(path: String, found: Int, known: Int)
    /// The database was made by an earlier version of this program, and was to be read only.
    case olderSchema(path: String, found: Int, known: Int)
    /// A table or index of the schema is missing or another one.
    case schemaDamaged(path: String, name: String)
    /// The store failed while it was created or opened.
    case unusable(path: String, LogStoreError)
}

extension LogStorageError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .exists(let path): "couldn't create \(path): it exists already"
        case .missing(let path): "couldn't open \(path): there is no such file"
        case .hasLog(let path): "couldn't create a log in the database of \(path): it has one already"
        case .hasNoTables(let path): "couldn't open the database of \(path): no log was created in it"
        case .dataSourceInvalid(let path): "couldn't read \(path): it is not a connection string or URI of PostgreSQL"
        case .unreachable(let path, let reason): "couldn't connect to the database of \(path): \(reason)"
        case .serverSetting(let path, let name, let value):
            "couldn't use the database of \(path): its server has \(name) = \(value), which a log can't rely on"
        case .notADatabase(let path): "couldn't open \(path): it is not a database, or its beginning is damaged"
        case .foreign(let path): "couldn't open \(path): it is a database, but not a log's"
        case .truncated(let path, let bytes, let expected):
            "couldn't open \(path): it is damaged: it has \(bytes) of \(expected) bytes"
        case .newerSchema(let path, let found, let known):
            "couldn't open \(path): its schema has version \(found), and this program knows \(known) and earlier ones"
        case .olderSchema(let path, let found, let known):
            "couldn't read \(path): its schema has version \(found), and this program reads \(known)"
        case .schemaDamaged(let path, let name): "couldn't open \(path): it is damaged: \(name) is not as it was made"
        case .unusable(let path, let error): "couldn't open \(path): \(error)"
        }
    }
}
