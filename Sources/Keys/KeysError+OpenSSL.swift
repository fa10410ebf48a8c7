import COpenSSL

extension KeysError {
    /// Drains this thread's error queue into an error, so that nothing is blamed on a later call.
    static func failure(_ operation: String) -> KeysError {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
        return .openSSL(operation: operation, reasons: reasons)
    }

    /// Throws what the queue holds unless the return code is 1, OpenSSL's success.
    static func require(_ code: Int32, _ operation: String) throws(KeysError) {
        guard code == 1 else { throw failure(operation) }
    }
}
