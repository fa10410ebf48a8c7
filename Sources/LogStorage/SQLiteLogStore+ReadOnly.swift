import Foundation
import GRDB
import Log

extension SQLiteLogStore {
    /// Opens a database for reading, beside a process that writes it or without one: no lock is held, and what a writer
    /// commits later is seen by later reads. Every write throws `.readOnly`. Throws as `open` does, and `.olderSchema`
    /// for a database that only `open` can bring up to date.
    ///
    /// SQLite wants two files beside the database, and makes them when they are missing. Where nobody can write, it is
    /// told that the database doesn't change.
    public static func openReadOnly(at path: String) throws(LogStorageError) -> SQLiteLogStore {
        try SQLiteHeader.check(path: path)
        let pool: DatabasePool
        let refusal: LogStorageError?
        do throws(LogStoreError) {
            (pool, refusal) = try LogStoreError.mapping {
                do {
                    return try readers(path, of: path)
                } catch let error as DatabaseError {
                    let isRefused = [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
                    guard isRefused, !SQLiteHeader.hasWriteAheadLog(path: path),
                        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
                    else { throw error }
                    return try readers("file:\(escaped)?immutable=1", of: path)
                }
            }
        } catch {
            throw .unusable(path: path, error)
        }
        if let refusal { throw refusal }
        return SQLiteLogStore(pool: pool, checkpointer: nil, path: path, refusalsMax: 0)
    }

    private static func readers(_ name: String, of path: String) throws -> (DatabasePool, LogStorageError?) {
        var configuration = configuration(lockWaitSeconds: 5)
        configuration.readonly = true
        let pool = try DatabasePool(path: name, configuration: configuration)
        return (pool, try pool.unsafeRead { try SQLiteSchema.readRefusal(of: $0, path: path) })
    }
}
