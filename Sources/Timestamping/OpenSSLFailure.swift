import COpenSSL
import Keys

extension TimestampingError {
    /// Drains this thread's OpenSSL error queue into an error that names the operation that failed.
    static func failure(_ operation: String) -> TimestampingError {
        .openSSL(operation: operation, reasons: OpenSSL.drainErrors())
    }
}

/// Throws what the error queue holds unless the return code is 1, OpenSSL's success.
func require(_ code: Int32, _ operation: String) throws(TimestampingError) {
    guard code == 1 else { throw .failure(operation) }
}
