import ArgumentParser
import Authority
import Monitoring

/// Why a log couldn't be checked.
enum LogCheckFailure: Error {
    /// The data directory can't be used.
    case authority(AuthorityError)
    /// The log can't be read, or an alert can't be delivered.
    case monitoring(MonitoringError)
    /// A file that the command line names can't be used.
    case file(String)
    /// The command line contradicts itself.
    case usage(String)

    /// Prints it and gives the exit code, 2: nothing is said about the log.
    func exit() -> ExitCode {
        switch self {
        case .authority(let error): _ = CommandFailure.exit(error)
        case .monitoring(.noLog):
            _ = CommandFailure.exit("\(MonitoringError.noLog)", hint: "the log of `mayfly serve` is below /ct")
        case .monitoring(.stateUnusable(let path)):
            let hint = "wrong key or origin? a state that was lost is started anew by removing the file"
            _ = CommandFailure.exit("\(MonitoringError.stateUnusable(path: path))", hint: hint)
        case .monitoring(let error): _ = CommandFailure.exit("\(error)")
        case .file(let sentence), .usage(let sentence): _ = CommandFailure.exit(sentence)
        }
        return ExitCode(2)
    }
}
