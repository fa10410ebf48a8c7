import GRDB
import Log

extension LogStoreError {
    /// What an SQLite result code means for a log. `code` is the extended one.
    init(_ error: DatabaseError) {
        let code = Int(error.extendedResultCode.rawValue)
        self =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY: .readOnly
            case .SQLITE_IOERR, .SQLITE_CANTOPEN: .inputOutput(code: code)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(code: code)
            // GRDB's word for a connection that has been closed.
            case .SQLITE_MISUSE: .closed
            default: .failed(code: code)
            }
    }

    /// Runs `body`, and turns what it throws into a case. Where SQLite finds its own pages damaged, `row` says what was
    /// being read.
    static func mapping<Value>(
        reading row: @autoclosure () -> LogDamage? = nil,
        _ body: () throws -> Value
    ) throws(LogStoreError) -> Value {
        do {
            return try body()
        } catch let error as LogStoreError {
            throw error
        } catch let error as DatabaseError {
            let mapped = LogStoreError(error)
            if case .corrupt = mapped, let row = row() { throw .damaged(row) }
            throw mapped
        } catch {
            throw .failed(code: 0)
        }
    }
}
