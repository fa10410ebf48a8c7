/// Where a PostgreSQL database is and how to get in: a connection string or URI as libpq reads it, with its password.
public struct DataSourceName: Sendable {
    /// The file that it was read from, to name it by.
    public let path: String
    /// Ends with a zero.
    let bytes: [UInt8]

    /// Takes the contents of the file `path`; white space at the end doesn't count. Nil when there is nothing else, or
    /// a zero byte.
    public init?(path: String, contents: [UInt8]) {
        guard let end = contents.lastIndex(where: { $0 > 0x20 }), !contents[...end].contains(0) else { return nil }
        self.path = path
        bytes = contents[...end] + [0]
    }
}

extension DataSourceName: CustomStringConvertible, CustomReflectable {
    /// Never the contents.
    public var description: String { "<redacted>" }

    /// Never the contents.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
