import COpenSSL

extension CertificatesError {
    /// Drains this thread's OpenSSL error queue into an error that names the operation that failed.
    static func failure(_ operation: String) -> CertificatesError {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            // "NULL if none is registered for the error code": ERR_reason_error_string(3).
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
        return .openSSL(operation: operation, reasons: reasons)
    }

    /// Empties the queue after a failure that is told by another error, so that it is not blamed on a later call.
    static func discardFailure() { ERR_clear_error() }
}

/// Throws what the error queue holds unless the return code is 1, OpenSSL's success.
func require(_ code: Int32, _ operation: String) throws(CertificatesError) {
    guard code == 1 else { throw CertificatesError.failure(operation) }
}

/// The bytes of an `i2d` function that allocates, freed here.
///
/// "If *ppout is NULL memory will be allocated for a buffer and the encoded data written to it": d2i_X509(3).
func encoded(
    _ operation: String,
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
) throws(CertificatesError) -> [UInt8] {
    var pointer: UnsafeMutablePointer<UInt8>?
    let count = encode(&pointer)
    guard count > 0, let pointer else { throw CertificatesError.failure(operation) }
    // What the macro OPENSSL_free expands to; the file and line are for memory debugging only.
    defer { CRYPTO_free(pointer, nil, 0) }
    return Array(UnsafeBufferPointer(start: pointer, count: Int(count)))
}
