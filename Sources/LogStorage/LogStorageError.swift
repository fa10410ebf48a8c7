public import Log

/// Why a log's database couldn't be created or opened. `path` is the database's.
public enum LogStorageError: Error, Equatable, Sendable {
    /// There is a file of that name already.
    case exists(path: String)
    /// There is no such file.
    case missing(path: String)
    /// The file doesn't begin as an SQLite database does.
    case notADatabase(path: String)
    /// The file is a database of another program.
    case foreign(path: String)
    /// The file is shorter than the database in it.
    case truncated(path: String, bytes: UInt64, expectedBytes: UInt64)
    /// The database was made by a later version of this program.
    case newerSchema(path: String, found: Int, known: Int)
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
        case .notADatabase(let path): "couldn't open \(path): it is not a database, or its beginning is damaged"
        case .foreign(let path): "couldn't open \(path): it is a database, but not a log's"
        case .truncated(let path, let bytes, let expected):
            "couldn't open \(path): it is damaged: it has \(bytes) of \(expected) bytes"
        case .newerSchema(let path, let found, let known):
            "couldn't open \(path): its schema has version \(found), and this program knows \(known) and earlier ones"
        case .schemaDamaged(let path, let name): "couldn't open \(path): it is damaged: \(name) is not as it was made"
        case .unusable(let path, let error): "couldn't open \(path): \(error)"
        }
    }
}
