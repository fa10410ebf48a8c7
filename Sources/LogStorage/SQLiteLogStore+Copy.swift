import Foundation
import GRDB
import Log

extension SQLiteLogStore {
    /// Copies a database while others write it: SQLite's online backup, in one step and so of one moment, the
    /// write-ahead log included. The copy is one file, and can be read from where nothing can be written. Writers
    /// are not kept waiting. Blocks. Throws `.exists` for a target that is there, and what ``open`` throws.
    public static func copy(from path: String, to target: String) throws(LogStorageError) {
        try SQLiteHeader.check(path: path)
        guard !FileManager.default.fileExists(atPath: target) else { throw .exists(path: target) }
        do throws(LogStoreError) {
            try LogStoreError.mapping {
                var configuration = Configuration()
                configuration.readonly = true
                configuration.busyMode = .timeout(5)
                let source = try DatabaseQueue(path: path, configuration: configuration)
                let copy = try DatabaseQueue(path: target)
                try source.backup(to: copy)
                try source.close()
                try copy.close()
                try seal(target)
            }
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw .unusable(path: path, error)
        }
    }

    /// Makes a database that nobody has open one file without a write-ahead log, as it is before it is first opened.
    public static func seal(at path: String) throws(LogStorageError) {
        do throws(LogStoreError) {
            try LogStoreError.mapping { try seal(path) }
        } catch {
            throw .unusable(path: path, error)
        }
    }

    private static func seal(_ path: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try database.close()
    }
}
