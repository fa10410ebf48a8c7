import Wire

/// Why keys can't be exchanged now.
public enum RotationProblem: Error, Equatable, Sendable {
    /// The ones that were made last haven't begun to sign; since 1970, when they will.
    case pending(fromSeconds: Int64)
    /// There is no key that waits for its certificate; its file.
    case noRequest(key: String)
    /// The key of the next generation waits for a certificate that was asked for; its file.
    case requestWaits(key: String)
    /// The request isn't signed by its own key.
    case requestInvalid
    /// The certificate isn't for the key that waits for one.
    case wrongKey(key: String)
    /// It is done by other means; which.
    case unsupported(String)
}

extension RotationProblem: CustomStringConvertible {
    /// A few words for operators.
    public var description: String {
        switch self {
        case .pending(let seconds):
            "the ones that were made last begin to sign at \(RFC3339.text(seconds: seconds))"
        case .noRequest(let key): "there is no key \(key) that waits for a certificate"
        case .requestWaits(let key): "the key \(key) waits for the certificate that was asked for, and stays"
        case .requestInvalid: "the request isn't signed by the key in it"
        case .wrongKey(let key): "the first certificate isn't for the key \(key)"
        case .unsupported(let why): why
        }
    }
}
