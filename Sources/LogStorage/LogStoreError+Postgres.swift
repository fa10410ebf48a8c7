import Log

extension LogStoreError {
    /// What an SQLSTATE means for a log (PostgreSQL's appendix A); nil is for an error of the connection itself.
    init(sqlState: String?) {
        let state = sqlState ?? "08006"
        // Five digits and capitals are a number to the base of 36.
        let code = Int(state, radix: 36) ?? 0
        self =
            switch state {
            // lock_not_available, query_canceled, deadlock_detected, serialization_failure, too_many_connections
            case "55P03", "57014", "40P01", "40001", "53300": .busy
            case "53100": .full
            case "25006": .readOnly
            case "58030": .inputOutput(code: code)
            case "XX001", "XX002": .corrupt(code: code)
            // Connection exceptions, and a server that stops, crashes or starts.
            case _ where state.hasPrefix("08") || state.hasPrefix("57P"): .inputOutput(code: code)
            // idle_in_transaction_session_timeout: somebody else has the lock.
            case "25P03": .inputOutput(code: code)
            default: .failed(code: code)
            }
    }
}
