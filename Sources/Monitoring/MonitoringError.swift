public import Fetching

/// Why a log couldn't be checked, or what is wrong with it as a whole.
public enum MonitoringError: Error, Equatable, Sendable {
    /// The log is bad.
    case fault(LogFault)
    /// The log's server gave no answer.
    case unreachable(path: String, FetchError)
    /// The log's server answered with this status.
    case status(path: String, Int)
    /// A file couldn't be read or written; `code` is the system's error number.
    case file(path: String, code: Int32)
    /// There is no checkpoint at the place: most likely it isn't a log's.
    case noLog
    /// The state file isn't one, isn't of this log, or isn't signed by its key.
    case stateUnusable(path: String)
    /// The state file has a later checkpoint than the one to be written.
    case stateGoesBack(path: String)
    /// Another process uses the state file.
    case stateInUse(path: String)
    /// The database couldn't be read.
    case storeUnavailable(path: String)
    /// The records couldn't be read.
    case recordsUnavailable
    /// An alert couldn't be delivered.
    case undelivered(channel: String, problem: String)
}

extension MonitoringError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .fault(let fault): "\(fault)"
        case .unreachable(let path, let error): "couldn't fetch \(path): \(error)"
        case .status(let path, let status): "couldn't fetch \(path): the server answered \(status)"
        case .file(let path, let code): "couldn't use \(path): \(SystemError.text(code))"
        case .noLog: "couldn't find a log: there is no checkpoint"
        case .stateUnusable(let path): "couldn't use the state \(path): it isn't the state of this log"
        case .stateGoesBack(let path): "couldn't write the state \(path): it already has a later checkpoint"
        case .stateInUse(let path): "couldn't use the state \(path): another process uses it"
        case .storeUnavailable(let path): "couldn't read the database \(path)"
        case .recordsUnavailable: "couldn't read the issuance records"
        case .undelivered(let channel, let problem): "couldn't deliver an alert to \(channel): \(problem)"
        }
    }
}
