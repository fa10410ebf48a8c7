/// Where a PostgreSQL database is and how to get in: a connection string or URI as libpq reads it, with its password.
public struct DataSourceName: Sendable {
    /// The file that it was read from, to name it by.
    public let path: String
    /// Ends with a zero.
    let bytes: [UInt8]
    /// What the name of the tables' schema has behind the name of the one that the connection string leads to; of letters
    /// and underscores.
    let schemaSuffix: String

    /// Takes the contents of the file `path`; white space at the end doesn't count. Nil when there is nothing else, or
    /// a zero byte.
    public init?(path: String, contents: [UInt8]) {
        guard let end = contents.lastIndex(where: { $0 > 0x20 }), !contents[...end].contains(0) else { return nil }
        self.init(path: path, bytes: contents[...end] + [0], schemaSuffix: "")
    }

    private init(path: String, bytes: [UInt8], schemaSuffix: String) {
        self.path = path
        self.bytes = bytes
        self.schemaSuffix = schemaSuffix
    }

    /// The same database, and in it a schema of the second log's own: `public_records` beside `public`. It is made with the
    /// log's tables.
    public var ofRecordLog: DataSourceName {
        DataSourceName(path: path, bytes: bytes, schemaSuffix: "_records")
    }
}

extension DataSourceName: CustomStringConvertible, CustomReflectable {
    /// Never the contents.
    public var description: String { "<redacted>" }

    /// Never the contents.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
