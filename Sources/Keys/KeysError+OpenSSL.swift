extension KeysError {
    /// Drains this thread's error queue into an error, so that nothing is blamed on a later call.
    static func failure(_ operation: String) -> KeysError {
        .openSSL(operation: operation, reasons: OpenSSL.drainErrors())
    }

    /// Throws what the queue holds unless the return code is 1, OpenSSL's success.
    static func require(_ code: Int32, _ operation: String) throws(KeysError) {
        guard code == 1 else { throw failure(operation) }
    }
}
