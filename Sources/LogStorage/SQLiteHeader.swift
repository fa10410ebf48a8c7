import Foundation

/// What the first bytes of a database file say, read without SQLite: so a file that is refused stays untouched, without
/// a write-ahead log beside it.
///
/// ```
/// offset  bytes                                                SQLite file format §1.3
///      0     16   "SQLite format 3\000"
///     16      2   page size in bytes; 1 is 65,536
///     28      4   size of the database in pages
///     60      4   user_version
///     68      4   application_id
/// ```
struct SQLiteHeader {
    private static let magic = Array("SQLite format 3\0".utf8)
    private static let byteCount = 100

    /// Refuses what is not a whole database of ours. A database with a write-ahead log may be longer than its file;
    /// then SQLite checks the length.
    static func check(path: String) throws(LogStorageError) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FileManager.default.fileExists(atPath: path)
                ? .unusable(path: path, .inputOutput(code: 0)) : .missing(path: path)
        }
        defer { try? file.close() }
        guard let header = try? file.read(upToCount: byteCount).map(Array.init), let length = try? file.seekToEnd()
        else {
            throw .notADatabase(path: path)
        }
        guard header.count == byteCount, header.starts(with: magic) else { throw .notADatabase(path: path) }
        guard number(in: header, at: 68, byteCount: 4) == UInt64(SQLiteSchema.applicationID) else {
            throw .foreign(path: path)
        }
        let version = Int(number(in: header, at: 60, byteCount: 4))
        guard version <= SQLiteSchema.version else {
            throw .newerSchema(path: path, found: version, known: SQLiteSchema.version)
        }
        let pageSize = number(in: header, at: 16, byteCount: 2)
        let expected = (pageSize == 1 ? 65_536 : pageSize) * number(in: header, at: 28, byteCount: 4)
        guard length >= expected || hasWriteAheadLog(path: path) else {
            throw .truncated(path: path, bytes: length, expectedBytes: expected)
        }
    }

    /// Whether there is more than the database: a write-ahead log with something in it.
    static func hasWriteAheadLog(path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? UInt64 ?? 0) > 0
    }

    private static func number(in header: [UInt8], at offset: Int, byteCount: Int) -> UInt64 {
        header[offset..<offset + byteCount].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
