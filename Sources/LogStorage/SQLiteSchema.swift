import GRDB

/// The tables, in one place. A later version appends its steps to `steps`, and never changes one that was released.
enum SQLiteSchema {
    /// In the file's header, so that the database is known for what it is without being opened: "MFLG".
    static let applicationID: UInt32 = 0x4D46_4C47

    /// The version that this program writes.
    static var version: Int { steps.count }

    /// Step n leads from version n to version n + 1.
    private static let steps = [
        Step(objects: [
            // Exactly one row, once a log has been created.
            Object(
                name: "heads",
                sql: """
                    CREATE TABLE heads (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        size INTEGER NOT NULL,
                        root BLOB NOT NULL,
                        timestamp INTEGER NOT NULL,
                        checkpoint BLOB NOT NULL
                    ) STRICT
                    """
            ),
            Object(
                name: "entries",
                sql: """
                    CREATE TABLE entries (
                        leaf_index INTEGER PRIMARY KEY,
                        timestamp INTEGER NOT NULL,
                        leaf_hash BLOB NOT NULL,
                        stored BLOB NOT NULL
                    ) STRICT
                    """
            ),
            // Hashes fall anywhere in an index: in one over the whole log each would change a page of its own, out of
            // the cache and far from the last one. So the index has a part for each 65,536 entries, and a search looks
            // into each part. At a million entries that makes an append three times cheaper, and costs a search 16
            // looks.
            Object(
                name: "entries_by_leaf_hash",
                sql: "CREATE INDEX entries_by_leaf_hash ON entries (leaf_index >> 16, leaf_hash)"
            ),
            // `hashes` has the length of a full tile, zeroes at the end: a row that doesn't change its length is
            // written over in place, and a batch changes one page of it instead of five.
            Object(
                name: "tiles",
                sql: """
                    CREATE TABLE tiles (
                        level INTEGER NOT NULL,
                        tile_index INTEGER NOT NULL,
                        width INTEGER NOT NULL,
                        hashes BLOB NOT NULL,
                        PRIMARY KEY (level, tile_index)
                    ) STRICT, WITHOUT ROWID
                    """
            ),
            // What auditors searched by.
            Object(
                name: "certificates",
                sql: """
                    CREATE TABLE certificates (
                        leaf_index INTEGER PRIMARY KEY REFERENCES entries,
                        sha256 BLOB NOT NULL,
                        serial TEXT NOT NULL,
                        issuer TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        not_before INTEGER NOT NULL
                    ) STRICT
                    """
            ),
        ]),
        Step(
            objects: [
                // One row for each decision, in the order in which they were stored. `leaf_index` is null for what no
                // entry of this log carries. Refusals count in `refusal`, and so the oldest are found at once.
                // Indices to search by come with the search; its columns are all here.
                Object(
                    name: "records",
                    sql: records
                ),
                Object(
                    name: "refusals",
                    sql: "CREATE UNIQUE INDEX refusals ON records (refusal) WHERE refusal IS NOT NULL"
                ),
                Object(
                    name: "refusals_by_request",
                    sql: "CREATE UNIQUE INDEX refusals_by_request ON records (request_id) WHERE refusal IS NOT NULL"
                ),
                // Ordered by expiry: new rows lie beside one another, where hashes alone would change a page each, and
                // the expired ones are the first.
                Object(
                    name: "token_uses",
                    sql: """
                        CREATE TABLE token_uses (
                            expiry INTEGER NOT NULL,
                            key BLOB NOT NULL,
                            uses INTEGER NOT NULL,
                            PRIMARY KEY (expiry, key)
                        ) STRICT, WITHOUT ROWID
                        """
                ),
            ],
            // Requests had no ID.
            moves: [
                """
                INSERT INTO records (
                    leaf_index, decision, timestamp, request_id, issuer, san, serial, precertificate, not_before
                )
                SELECT leaf_index, 'issued', timestamp, '', issuer, subject, serial, sha256, not_before
                FROM certificates JOIN entries USING (leaf_index) ORDER BY leaf_index
                """,
                "DROP TABLE certificates",
            ],
            dropped: ["certificates"]
        ),
        // What auditors search by. Identities, repositories and serial numbers fall anywhere in an index, as hashes do, so
        // all of these have a part for each 1024 records: a batch changes pages of the last part only, and a search
        // looks into one part after the other, from the newest on. `SQLiteSearch` has the other half.
        Step(objects: [
            Object(
                name: "records",
                change: "ALTER TABLE records ADD COLUMN repository TEXT",
                // SQLite puts the new column before the bracket that closes the statement.
                sql: records.replacing("\n) STRICT", with: "\n, repository TEXT) STRICT")
            ),
            Object(
                name: "records_by_san",
                sql: "CREATE INDEX records_by_san ON records (number >> 10, san)"
            ),
            Object(
                name: "records_by_issuer",
                sql: "CREATE INDEX records_by_issuer ON records (number >> 10, issuer)"
            ),
            // Eight digits of a random number are enough to find it.
            Object(
                name: "records_by_serial",
                sql: "CREATE INDEX records_by_serial ON records (number >> 10, substr(serial, 1, 8))"
            ),
            Object(
                name: "records_by_rule",
                sql: "CREATE INDEX records_by_rule ON records (number >> 10, rule) WHERE rule IS NOT NULL"
            ),
            Object(
                name: "records_by_repository",
                sql: """
                    CREATE INDEX records_by_repository ON records (number >> 10, repository)
                    WHERE repository IS NOT NULL
                    """
            ),
            Object(
                name: "records_by_time",
                sql: "CREATE INDEX records_by_time ON records (number >> 10, timestamp)"
            ),
        ]),
        // What an entry is found by. Keys are hashes and fall anywhere, so this has parts as well: one for each 16,384
        // entries, with some 65,536 keys.
        Step(objects: [
            Object(
                name: "entry_keys",
                sql: """
                    CREATE TABLE entry_keys (
                        part INTEGER NOT NULL,
                        key BLOB NOT NULL,
                        leaf_index INTEGER NOT NULL,
                        PRIMARY KEY (part, key, leaf_index)
                    ) STRICT, WITHOUT ROWID
                    """
            )
        ]),
    ]

    /// An entry's part of `entry_keys` is its index without so many bits.
    static let keyPartBits: UInt64 = 14

    /// The table as version 2 made it.
    private static let records = """
        CREATE TABLE records (
            number INTEGER PRIMARY KEY,
            leaf_index INTEGER UNIQUE REFERENCES entries,
            refusal INTEGER,
            decision TEXT NOT NULL,
            timestamp INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            issuer TEXT,
            issuer_type TEXT,
            subject TEXT,
            san TEXT,
            rule TEXT,
            reason TEXT,
            serial TEXT,
            precertificate BLOB,
            not_before INTEGER,
            key_id TEXT
        ) STRICT
        """

    private struct Step {
        /// What it makes.
        let objects: [Object]
        /// Statements that then carry rows over, and drop what isn't needed any more.
        var moves: [String] = []
        /// The names of what they drop.
        var dropped: Set<String> = []
    }

    private struct Object {
        let name: String
        /// The statement that makes it of what an earlier step made; nil when `sql` is that statement.
        var change: String?
        /// The statement as SQLite keeps it.
        let sql: String
    }

    /// Makes the tables of an empty database.
    static func create(in db: Database) throws {
        try db.inTransaction(.immediate) {
            // Pragmas take no arguments.
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try take(steps[...], in: db)
            return .commit
        }
    }

    /// Brings a database of an earlier version to this one, in one transaction. Returns why not, and changes nothing,
    /// when it is of a later one (the version in the file's header may be older than the one in the write-ahead log) or
    /// its tables are not as its version made them.
    static func migrate(_ db: Database, path: String) throws -> LogStorageError? {
        if let refusal = try refusal(of: db, path: path) { return refusal }
        // A database of this version is opened without a write.
        guard try userVersion(of: db) < version else { return nil }
        try db.inTransaction(.immediate) {
            // Another process may have been here in the meantime.
            let found = try userVersion(of: db)
            guard steps.indices.contains(found) else { return .rollback }
            try take(steps[found...], in: db)
            return .commit
        }
        return try refusal(of: db, path: path)
    }

    /// Why a database can't be read as it is; nil when it can.
    static func readRefusal(of db: Database, path: String) throws -> LogStorageError? {
        if let refusal = try refusal(of: db, path: path) { return refusal }
        let found = try userVersion(of: db)
        return found < version ? .olderSchema(path: path, found: found, known: version) : nil
    }

    private static func refusal(of db: Database, path: String) throws -> LogStorageError? {
        let found = try userVersion(of: db)
        if found > version { return .newerSchema(path: path, found: found, known: version) }
        guard found > 0 else { return .schemaDamaged(path: path, name: "user_version") }
        return try firstDamage(in: db, version: found).map { .schemaDamaged(path: path, name: $0) }
    }

    private static func userVersion(of db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }

    private static func take(_ steps: ArraySlice<Step>, in db: Database) throws {
        for step in steps {
            for object in step.objects { try db.execute(sql: object.change ?? object.sql) }
            for move in step.moves { try db.execute(sql: move) }
        }
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// The first table or index that is not as this version made it; nil when all are. SQLite keeps the text of its
    /// statement.
    private static func firstDamage(in db: Database, version: Int) throws -> String? {
        let rows = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        let pairs = rows.compactMap { row in
            String.fromDatabaseValue(row[0]).flatMap { name in String.fromDatabaseValue(row[1]).map { (name, $0) } }
        }
        let found = Dictionary(pairs) { first, _ in first }
        let taken = steps.prefix(version)
        let dropped = taken.reduce(into: Set<String>()) { $0.formUnion($1.dropped) }
        let objects = taken.flatMap(\.objects)
        let expected = Dictionary(objects.map { ($0.name, $0.sql) }) { $1 }
        return objects.first { !dropped.contains($0.name) && found[$0.name] != expected[$0.name] }?.name
    }
}
