import Log

/// The tables in PostgreSQL: those of ``SQLiteSchema``, with the same names and meaning, under the same version. A later
/// version appends its steps to `steps`, and never changes one that was released. Texts compare by their bytes
/// (`COLLATE "C"`), as SQLite's do.
enum PostgresSchema {
    /// The version that this program writes. The first one here was version 2 of SQLite's.
    static var version: Int { firstVersion + steps.count - 1 }

    private static let firstVersion = 2

    /// In no relation to anything; held while tables are made or changed.
    private static let lock = "SELECT pg_advisory_xact_lock(\(0x4D46_4C47))"

    /// How long to wait for tables to be changed, here or by another replica.
    private static let migrationSeconds = 600.0

    private static let steps = [
        Step(
            tables: ["heads", "entries", "tiles", "records", "token_uses"],
            statements: [
                """
                CREATE TABLE heads (
                    id INT8 PRIMARY KEY CHECK (id = 1),
                    size INT8 NOT NULL,
                    root BYTEA NOT NULL,
                    timestamp INT8 NOT NULL,
                    checkpoint BYTEA NOT NULL
                )
                """,
                """
                CREATE TABLE entries (
                    leaf_index INT8 PRIMARY KEY,
                    timestamp INT8 NOT NULL,
                    leaf_hash BYTEA NOT NULL,
                    stored BYTEA NOT NULL
                )
                """,
                "CREATE INDEX entries_by_leaf_hash ON entries ((leaf_index >> 16), leaf_hash)",
                // Of `hashes` there is no more than `width`: a changed row is written anew in any case.
                """
                CREATE TABLE tiles (
                    level INT8 NOT NULL,
                    tile_index INT8 NOT NULL,
                    width INT8 NOT NULL,
                    hashes BYTEA NOT NULL,
                    PRIMARY KEY (level, tile_index)
                )
                """,
                // Hashes don't get smaller.
                "ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL",
                """
                CREATE TABLE records (
                    number INT8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    leaf_index INT8 UNIQUE REFERENCES entries,
                    refusal INT8,
                    decision TEXT COLLATE "C" NOT NULL,
                    timestamp INT8 NOT NULL,
                    request_id TEXT COLLATE "C" NOT NULL,
                    issuer TEXT COLLATE "C",
                    issuer_type TEXT COLLATE "C",
                    subject TEXT COLLATE "C",
                    san TEXT COLLATE "C",
                    rule TEXT COLLATE "C",
                    reason TEXT COLLATE "C",
                    serial TEXT COLLATE "C",
                    precertificate BYTEA,
                    not_before INT8,
                    key_id TEXT COLLATE "C"
                )
                """,
                "CREATE UNIQUE INDEX refusals ON records (refusal) WHERE refusal IS NOT NULL",
                "CREATE UNIQUE INDEX refusals_by_request ON records (request_id) WHERE refusal IS NOT NULL",
                """
                CREATE TABLE token_uses (
                    expiry INT8 NOT NULL,
                    key BYTEA NOT NULL,
                    uses INT8 NOT NULL,
                    PRIMARY KEY (expiry, key)
                )
                """,
            ]
        ),
        // What auditors search by, as in version 3 of SQLite's. A server's index is not cut into parts: its cache holds the
        // pages that a batch changes. An index entry has 2,704 bytes at most and a name may have more, so 512 characters
        // of it are looked up and the rest compared.
        Step(
            tables: [],
            statements: [
                "ALTER TABLE records ADD COLUMN repository TEXT COLLATE \"C\"",
                "CREATE INDEX records_by_san ON records (left(san, 512), number)",
                "CREATE INDEX records_by_issuer ON records (left(issuer, 512), number)",
                "CREATE INDEX records_by_serial ON records (serial)",
                "CREATE INDEX records_by_rule ON records (rule, number) WHERE rule IS NOT NULL",
                """
                CREATE INDEX records_by_repository ON records (left(repository, 512), number)
                WHERE repository IS NOT NULL
                """,
                "CREATE INDEX records_by_time ON records (timestamp)",
            ]
        ),
        // What an entry is found by, as in version 4 of SQLite's, parts and all: a search goes through them from the newest
        // on and ends when it has found enough.
        Step(
            tables: ["entry_keys"],
            statements: [
                """
                CREATE TABLE entry_keys (
                    part INT8 NOT NULL,
                    key BYTEA NOT NULL,
                    leaf_index INT8 NOT NULL,
                    PRIMARY KEY (part, key, leaf_index)
                )
                """
            ]
        ),
    ]

    private struct Step {
        /// The names of the tables that it makes.
        let tables: [String]
        let statements: [String]
    }

    /// Makes the tables where there are none and `mayCreate`, or brings those of an earlier version to this one: in one
    /// transaction, for which other replicas wait. Returns why not, and changes nothing, when the version is a later
    /// one, tables of it are missing, or there are none to open.
    static func migrate(
        _ connection: PostgresConnection,
        path: String,
        mayCreate: Bool
    ) throws(LogStoreError) -> LogStorageError? {
        let found = try foundVersion(connection)
        if found == nil, !mayCreate { return .hasNoTables(path: path) }
        if found ?? 0 < version {
            _ = try connection.run(
                ["BEGIN", "SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0", lock].map(
                    PostgresCall.init(once:)
                ),
                within: migrationSeconds
            )
            // Another replica may have been here in the meantime.
            try take(from: try foundVersion(connection), connection)
        }
        if let found = try foundVersion(connection), found > version {
            return .newerSchema(path: path, found: found, known: version)
        }
        return try firstMissing(connection).map { .schemaDamaged(path: path, name: $0) }
    }

    /// Nil when there are no tables of ours.
    private static func foundVersion(_ connection: PostgresConnection) throws(LogStoreError) -> Int? {
        guard try has("mayfly_schema", connection) else { return nil }
        return try connection.run(PostgresCall(once: "SELECT version FROM mayfly_schema")).signed(0, 0)
            .map { Int(clamping: $0) }
    }

    private static func take(from found: Int?, _ connection: PostgresConnection) throws(LogStoreError) {
        var statements: [String] = []
        if found == nil { statements.append("CREATE TABLE mayfly_schema (version INT8 NOT NULL)") }
        for step in steps.dropFirst(max(0, (found ?? 0) - firstVersion + 1)) { statements += step.statements }
        if found ?? 0 < version {
            statements += ["DELETE FROM mayfly_schema", "INSERT INTO mayfly_schema VALUES (\(version))"]
        }
        _ = try connection.run((statements + ["COMMIT"]).map(PostgresCall.init(once:)), within: migrationSeconds)
    }

    private static func firstMissing(_ connection: PostgresConnection) throws(LogStoreError) -> String? {
        for table in steps.flatMap(\.tables) {
            guard try has(table, connection) else { return table }
        }
        return nil
    }

    /// `to_regclass` wouldn't do: it may remember, from before the lock, that there was no such table.
    private static func has(_ table: String, _ connection: PostgresConnection) throws(LogStoreError) -> Bool {
        let sql = "SELECT oid FROM pg_class WHERE relname = '\(table)' AND pg_table_is_visible(oid)"
        return try connection.run(PostgresCall(once: sql)).count > 0
    }
}
