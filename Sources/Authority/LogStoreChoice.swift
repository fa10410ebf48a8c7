import LogStorage

/// Where our own log is kept.
public enum LogStoreChoice: Sendable, Equatable {
    /// In an SQLite database; its file.
    case sqlite(database: String)
    /// In a PostgreSQL database; the file with the connection string. The record log has a schema of its own there.
    case postgres(dataSourceFile: String, isRecordLog: Bool = false)

    /// The file that names it.
    var place: String {
        switch self {
        case .sqlite(let database): database
        case .postgres(let file, _): file
        }
    }

    /// Opens the store of a log that was created. Throws `.storage`, `.file`.
    func open() throws(AuthorityError) -> any DurableStore {
        switch self {
        case .sqlite(let database):
            do { return try SQLiteLogStore.open(at: database) } catch { throw .storage(path: database, error) }
        case .postgres(let file, let isRecordLog):
            let source = try Self.dataSource(file, isRecordLog: isRecordLog)
            do { return try PostgresLogStore.open(source) } catch { throw .storage(path: file, error) }
        }
    }

    /// Opens the store for those who only read, beside a server or without one. Throws `.storage`, `.file`.
    func openReadOnly() throws(AuthorityError) -> any DurableStore {
        switch self {
        case .sqlite(let database): try Self.openReadOnly(database)
        case .postgres: try open()
        }
    }

    /// The same for a database's file.
    static func openReadOnly(_ database: String) throws(AuthorityError) -> any DurableStore {
        do { return try SQLiteLogStore.openReadOnly(at: database) } catch { throw .storage(path: database, error) }
    }

    /// The database's file, for what is done to files. Throws `.configuration` for a log on a server, which has means of
    /// its own for that.
    func file(of configuration: String) throws(AuthorityError) -> String {
        if case .sqlite(let database) = self { return database }
        throw .configuration(
            file: configuration,
            .invalid(path: "log.store", line: 1, rule: "a log in PostgreSQL is copied with PostgreSQL's own means")
        )
    }

    /// Makes the store of a new log. Throws `.storage`, `.file`.
    func create() throws(AuthorityError) -> any DurableStore {
        switch self {
        case .sqlite(let database):
            do { return try SQLiteLogStore.create(at: database) } catch { throw .storage(path: database, error) }
        case .postgres(let file, let isRecordLog):
            let source = try Self.dataSource(file, isRecordLog: isRecordLog)
            do { return try PostgresLogStore.create(in: source) } catch { throw .storage(path: file, error) }
        }
    }

    private static func dataSource(_ file: String, isRecordLog: Bool) throws(AuthorityError) -> DataSourceName {
        guard let source = DataSourceName(path: file, contents: try FileSystem.read(file)) else {
            throw .storage(path: file, .dataSourceInvalid(path: file))
        }
        return isRecordLog ? source.ofRecordLog : source
    }
}
