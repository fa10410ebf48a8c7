/// Why a log served nothing.
public enum LogReadError: Error, Equatable, Sendable {
    /// The request can't be understood; `parameter` is its part and `rule` what it must be.
    case badParameter(String, rule: String)
    /// There is no such thing in the log, or not yet.
    case notFound
    /// The log can't be read.
    case unavailable(LogError)
    /// What is stored isn't an entry.
    case damaged
}
