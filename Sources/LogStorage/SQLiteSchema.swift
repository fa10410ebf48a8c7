import GRDB

/// The tables, in one place. A later version appends its steps to `steps`, and never changes one that was released.
enum SQLiteSchema {
    /// In the file's header, so that the database is known for what it is without being opened: "MFLG".
    static let applicationID: UInt32 = 0x4D46_4C47

    /// The version that this program writes.
    static var version: Int { steps.count }

    /// Step n leads from version n to version n + 1.
    private static let steps: [[Object]] = [
        [
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
            // What auditors search by. Indices come with the search.
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
        ]
    ]

    private struct Object {
        let name: String
        let sql: String
    }

    /// Makes the tables of an empty database.
    static func create(in db: Database) throws {
        try db.inTransaction(.immediate) {
            for object in steps.joined() {
                try db.execute(sql: object.sql)
            }
            // Pragmas take no arguments.
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// The first table or index that is not as it was made; nil when all are. SQLite keeps the text of its statement.
    static func firstDamage(in db: Database) throws -> String? {
        let rows = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        let pairs = rows.compactMap { row in
            String.fromDatabaseValue(row[0]).flatMap { name in String.fromDatabaseValue(row[1]).map { (name, $0) } }
        }
        let found = Dictionary(pairs) { first, _ in first }
        return steps.joined().first { found[$0.name] != $0.sql }?.name
    }
}
