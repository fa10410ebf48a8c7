import LogStorage

/// Where our own log is kept.
public enum LogStoreChoice: Sendable, Equatable {
    /// In an SQLite database; its file.
    case sqlite(database: String)
    /// In a PostgreSQL database; the file with the connection string.
    case postgres(dataSourceFile: String)

    /// The file that names it.
    var place: String {
        switch self {
        case .sqlite(let database): database
        case .postgres(let file): file
        }
    }

    /// Opens the store of a log that was created. Throws `.storage`, `.file`.
    func open() throws(AuthorityError) -> any DurableStore {
        switch self {
        case .sqlite(let database):
            do { return try SQLiteLogStore.open(at: database) } catch { throw .storage(path: database, error) }
        case .postgres(let file):
            let source = try Self.dataSource(file)
            do { return try PostgresLogStore.open(source) } catch { throw .storage(path: file, error) }
        }
    }

    /// Makes the store of a new log. Throws `.storage`, `.file`.
    func create() throws(AuthorityError) -> any DurableStore {
        switch self {
        case .sqlite(let database):
            do { return try SQLiteLogStore.create(at: database) } catch { throw .storage(path: database, error) }
        case .postgres(let file):
            let source = try Self.dataSource(file)
            do { return try PostgresLogStore.create(in: source) } catch { throw .storage(path: file, error) }
        }
    }

    private static func dataSource(_ file: String) throws(AuthorityError) -> DataSourceName {
        guard let source = DataSourceName(path: file, contents: try FileSystem.read(file)) else {
            throw .storage(path: file, .dataSourceInvalid(path: file))
        }
        return source
    }
}
