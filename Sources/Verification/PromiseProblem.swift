/// Why no certificate log vouches for a certificate (step D).
public enum PromiseProblem: Error, Equatable, Sendable {
    /// The certificate has no timestamps of logs.
    case missing
    /// Its list of timestamps, or the certificate itself, can't be read.
    case malformed
    /// It has timestamps, and none is of a log in the trusted root.
    case logUnknown
    /// A timestamp is of a time when the log was not in use.
    case outsideWindow(log: String)
    /// A timestamp's signature is wrong: it is of another certificate or issuer, or not by the log.
    case signatureInvalid(log: String)
}

extension PromiseProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .missing: "the certificate has none"
        case .malformed: "the certificate's list of timestamps can't be read"
        case .logUnknown: "none of the certificate's timestamps is of a log in the trusted root"
        case .outsideWindow(let log): "it is of a time when \(log) wasn't in use"
        case .signatureInvalid(let log): "\(log) didn't sign it for this certificate of this issuer"
        }
    }
}
