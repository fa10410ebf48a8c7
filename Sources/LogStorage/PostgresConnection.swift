import CPostgres
import Glibc
import Log

/// A connection to a PostgreSQL server. Every wait is bounded, by the server where it can, and by this side where the
/// server may be gone. After an error it is to be let go: the server then undoes what it was doing.
///
/// `@unchecked Sendable`: "two threads must not attempt to manipulate the same PGconn object at the same time" (libpq,
/// "Behavior in Threaded Programs"), and ``PostgresPool`` gives each to one caller at a time.
final class PostgresConnection: @unchecked Sendable {
    private let raw: OpaquePointer
    private var prepared: Set<String> = []

    /// How long a call waits for its results before the server counts as gone. A lock is waited for 1 s at most, but a
    /// commit for the disk.
    static let replySeconds = 5.0

    /// What the operator may change in the connection string. The system gives up a connection whose other side has
    /// gone silent after 2 s.
    private static let defaults = [
        ("connect_timeout", "2"), ("tcp_user_timeout", "2000"), ("keepalives_idle", "1"),
        ("keepalives_interval", "1"), ("keepalives_count", "1"), ("fallback_application_name", "mayfly"),
    ]

    /// What is needed: a standby would show older states.
    private static let fixed = [("client_encoding", "UTF8"), ("target_session_attrs", "read-write")]

    /// In milliseconds. A transaction whose client has stopped between two round trips gives its locks back after a second;
    /// nobody else waits longer for one.
    private static let timeouts = [
        ("lock_timeout", "1000"), ("statement_timeout", "2000"), ("idle_in_transaction_session_timeout", "1000"),
        ("tcp_user_timeout", "2000"), ("tcp_keepalives_idle", "10s"),
    ]

    /// Plans are made once, perhaps while a table is still empty; so they are told to use the indices, of which every
    /// statement has one.
    private static let planning = [
        ("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"), ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"), ("jit", "off"),
    ]

    /// Connects, and sets up the session. Throws `.dataSourceInvalid`, `.unreachable`, `.serverSetting`, `.unusable`.
    init(to source: DataSourceName) throws(LogStorageError) {
        guard Self.isReadable(source) else { throw .dataSourceInvalid(path: source.path) }
        let names = (Self.defaults.map(\.0) + ["dbname"] + Self.fixed.map(\.0))
        let values = Self.defaults.map(\.1) + [""] + Self.fixed.map(\.1)
        let dbname = Self.defaults.count
        let made = Self.withCStrings(names[...]) { names in
            Self.withCStrings(values[...]) { values in
                source.bytes.withUnsafeBytes { source in
                    var values = values
                    values[dbname] = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                    // The last value of a keyword counts, and 1 has `dbname` read as a connection string.
                    return PQconnectdbParams(names, values, 1)
                }
            }
        }
        guard let made else { throw .unusable(path: source.path, .failed(code: 0)) }
        raw = made
        guard PQstatus(made) == CONNECTION_OK else {
            throw .unreachable(path: source.path, reason: Self.reason(made))
        }
        // Or libpq would print the server's remarks on standard error.
        PQsetNoticeProcessor(made, { _, _ in }, nil)
        guard PQsetnonblocking(made, 1) == 0, PQenterPipelineMode(made) == 1 else {
            throw .unusable(path: source.path, .failed(code: 0))
        }
        try setUp(source)
    }

    deinit {
        PQfinish(raw)
    }

    /// Whether the connection may be used again: between calls the server says nothing but farewell.
    var isQuiet: Bool {
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        return PQstatus(raw) == CONNECTION_OK && poll(&descriptor, 1, 0) == 0
    }

    /// Runs the statements in order, in one round trip, and returns what each has returned. The first error ends them,
    /// and is thrown.
    func run(
        _ calls: [PostgresCall],
        within seconds: Double = replySeconds
    ) throws(LogStoreError) -> [PostgresRows] {
        let end = ContinuousClock.now + .seconds(seconds)
        var isPreparation: [Bool] = []
        for call in calls {
            let statement = call.statement
            if !statement.name.isEmpty, prepared.insert(statement.name).inserted {
                try check(PQsendPrepare(raw, statement.name, statement.sql, 0, nil) == 1)
                isPreparation.append(true)
            }
            try check(call.send(on: raw))
            isPreparation.append(false)
        }
        try check(PQpipelineSync(raw) == 1)
        var results: [PostgresRows] = []
        results.reserveCapacity(calls.count)
        for isPreparation in isPreparation {
            let rows = try result(by: end)
            // "PQgetResult returns a null pointer" after each statement's results.
            guard let rows, try result(by: end) == nil else { throw LogStoreError(sqlState: nil) }
            guard rows.status == PGRES_COMMAND_OK || rows.status == PGRES_TUPLES_OK else {
                throw LogStoreError(sqlState: rows.errorState)
            }
            if !isPreparation { results.append(rows) }
        }
        try check(try result(by: end)?.status == PGRES_PIPELINE_SYNC)
        return results
    }

    /// Runs one statement.
    func run(_ call: PostgresCall) throws(LogStoreError) -> PostgresRows {
        guard let rows = try run([call]).first else { throw LogStoreError(sqlState: nil) }
        return rows
    }

    private func result(by end: ContinuousClock.Instant) throws(LogStoreError) -> PostgresRows? {
        while true {
            let unsent = PQflush(raw)
            try check(unsent >= 0)
            if PQisBusy(raw) == 0 { return PQgetResult(raw).map(PostgresRows.init(adopting:)) }
            let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            try check(left > 0)
            var descriptor = pollfd(
                fd: PQsocket(raw),
                events: Int16(unsent == 0 ? POLLIN : POLLIN | POLLOUT),
                revents: 0
            )
            // What poll says doesn't matter: the next look finds out.
            _ = poll(&descriptor, 1, Int32(left.rounded(.up)))
            // "If the result is 0, there was trouble"; nothing to read is no trouble.
            try check(PQconsumeInput(raw) == 1)
        }
    }

    /// An error that the server had no part in.
    private func check(_ isDone: Bool) throws(LogStoreError) {
        guard isDone else { throw LogStoreError(sqlState: nil) }
    }

    // MARK: Connecting

    private func setUp(_ source: DataSourceName) throws(LogStorageError) {
        let sets = (Self.timeouts + Self.planning).map { "set_config('\($0)', '\($1)', false)" }
        let needed = [("fsync", "on"), ("full_page_writes", "on"), ("server_encoding", "UTF8")]
        let shown = (needed.map(\.0) + ["synchronous_commit"]).map { "current_setting('\($0)')" }
        let rows: PostgresRows
        do throws(LogStoreError) {
            rows = try run(PostgresCall(once: "SELECT \((shown + sets).joined(separator: ", "))"))
        } catch {
            throw .unusable(path: source.path, error)
        }
        for (column, (name, value)) in needed.enumerated() {
            let found = rows.text(0, column) ?? ""
            guard found == value else {
                throw .serverSetting(path: source.path, name: name, value: found)
            }
        }
        try setSchema(source)
        // Every other value waits for this server's disk.
        guard let commit = rows.text(0, needed.count), commit != "off" else {
            throw .serverSetting(path: source.path, name: "synchronous_commit", value: "off")
        }
    }

    /// Leads to the schema that has the suffix; it need not be there yet.
    private func setSchema(_ source: DataSourceName) throws(LogStorageError) {
        guard !source.schemaSuffix.isEmpty else { return }
        let name = "quote_ident(current_schema() || '\(source.schemaSuffix)')"
        do throws(LogStoreError) {
            _ = try run(PostgresCall(once: "SELECT set_config('search_path', \(name), false)"))
        } catch {
            throw .unusable(path: source.path, error)
        }
    }

    /// Makes the schema that ``setSchema(_:)`` leads to, if it isn't there.
    func createSchema() throws(LogStoreError) {
        // As it was quoted above.
        let rows = try run(PostgresCall(once: "SELECT current_setting('search_path')"))
        guard let name = rows.text(0, 0), !name.isEmpty else { throw LogStoreError(sqlState: nil) }
        _ = try run(PostgresCall(once: "CREATE SCHEMA IF NOT EXISTS \(name)"))
    }

    /// Whether libpq can read it, and finds the password where it is. What libpq says of one that it can't read would
    /// show parts of it. An `@` or `/` in a URI's password that isn't encoded makes the rest of it a part of the host's
    /// or database's name, which libpq shows, too.
    private static func isReadable(_ source: DataSourceName) -> Bool {
        source.bytes.withUnsafeBytes { bytes in
            guard let text = bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                let options = PQconninfoParse(text, nil)
            else { return false }
            defer { PQconninfoFree(options) }
            var option = options
            while let keyword = option.pointee.keyword {
                let value = option.pointee.val.map { String(cString: $0) } ?? ""
                if ["host", "dbname"].contains(String(cString: keyword)), value.contains("@") { return false }
                option += 1
            }
            return true
        }
    }

    /// libpq's first line, which names host and port; without the password, should it ever be in there.
    private static func reason(_ connection: OpaquePointer) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let line = text.split(separator: "\n").first.map(String.init) ?? "no reason was given"
        guard let password = PQpass(connection).map({ String(cString: $0) }), !password.isEmpty else { return line }
        return line.replacing(password, with: "<redacted>")
    }

    /// Runs `body` with pointers to the texts, and a null pointer at the end.
    private static func withCStrings<Value>(
        _ texts: ArraySlice<String>,
        _ pointers: [UnsafePointer<CChar>?] = [],
        _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        guard let first = texts.first else { return body(pointers + [nil]) }
        return first.withCString { withCStrings(texts.dropFirst(), pointers + [$0], body) }
    }
}
