import COpenSSL
import Keys

extension CertificatesError {
    /// Drains this thread's OpenSSL error queue into an error that names the operation that failed.
    static func failure(_ operation: String) -> CertificatesError {
        .openSSL(operation: operation, reasons: OpenSSL.drainErrors())
    }

    /// Empties the queue after a failure that is told by another error, so that it is not blamed on a later call.
    static func discardFailure() { ERR_clear_error() }
}

/// Throws what the error queue holds unless the return code is 1, OpenSSL's success.
func require(_ code: Int32, _ operation: String) throws(CertificatesError) {
    guard code == 1 else { throw CertificatesError.failure(operation) }
}

/// The bytes of an `i2d` function that allocates.
func encoded(
    _ operation: String,
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
) throws(CertificatesError) -> [UInt8] {
    guard let bytes = OpenSSL.bytes(encode) else { throw CertificatesError.failure(operation) }
    return bytes
}
