public import Certificates
import Wire

/// Why a certificate isn't one of a CA that is trusted (step C).
public enum CertificateProblem: Error, Equatable, Sendable {
    /// The trusted root has no CA that was in use at that moment.
    case noAuthority(seconds: Int64)
    /// No path to a CA of the trusted root is valid at that moment; the last one's problem.
    case pathInvalid(seconds: Int64, CertificatesError)
    /// The certificate's key is weak, or of a kind that isn't used here.
    case keyUnusable
}

extension CertificateProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .noAuthority(let seconds): "no CA of the trusted root was in use at \(RFC3339.text(seconds: seconds))"
        case .pathInvalid(let seconds, let error):
            "no path to a CA of the trusted root at \(RFC3339.text(seconds: seconds)): \(error)"
        case .keyUnusable: "its key is weak, or of a kind that isn't used here"
        }
    }
}
