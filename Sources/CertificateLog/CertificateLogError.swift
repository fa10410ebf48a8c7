public import Fetching
public import Log
public import Transparency

/// Why a certificate log didn't give a timestamp. Nothing may be issued then.
public enum CertificateLogError: Error, Equatable, Sendable {
    /// The log in this process couldn't take or serve it.
    case log(LogError)
    /// The token has got as many certificates as it may: `uses`. Nothing was logged.
    case usedUp(uses: Int)
    /// What was handed to `add-chain` or `add-pre-chain` is not for this log. Nothing was logged.
    case submissionRefused(SubmissionProblem)
    /// An entry, a timestamp or a checkpoint isn't what the specifications say, or isn't signed by the log.
    case transparency(TransparencyError)
    /// The remote log couldn't be reached until the deadline.
    case remoteUnreachable(FetchError)
    /// The remote log asked to wait (429, 503) until the deadline.
    case remoteBusy(status: Int)
    /// Too many submissions to the remote log are under way.
    case remoteQueueFull
    /// The remote log refused.
    case remoteRefused(status: Int)
    /// The remote log's timestamp is this many seconds away from our clock.
    case remoteClock(secondsAway: Int64)
}

extension CertificateLogError {
    /// Whether the same request may well succeed a little later.
    public var mayPass: Bool {
        switch self {
        case .log(.busy), .log(.cancelled), .log(.closed), .log(.unavailable), .log(.clockBehind), .remoteUnreachable,
            .remoteBusy, .remoteQueueFull:
            true
        case .log, .usedUp, .submissionRefused, .transparency, .remoteRefused, .remoteClock: false
        }
    }
}

extension CertificateLogError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .log(let error): "\(error)"
        case .usedUp(let uses): "couldn't append to the log: the token has been used \(uses) times already"
        case .submissionRefused(let problem): "couldn't take the chain: \(problem)"
        case .transparency(let error): "couldn't use the log's answer: \(error)"
        case .remoteUnreachable(let error): "couldn't reach the certificate log: \(error)"
        case .remoteBusy(let status): "couldn't submit to the certificate log: it asks to wait (\(status))"
        case .remoteQueueFull: "couldn't submit to the certificate log: too many submissions are under way"
        case .remoteRefused(let status): "couldn't submit to the certificate log: it answered \(status)"
        case .remoteClock(let seconds): "couldn't use the log's timestamp: it is \(seconds) seconds away from our clock"
        }
    }
}
