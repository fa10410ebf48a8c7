/// Why somebody who is identified gets no certificate.
public enum PolicyError: Error, Equatable, Sendable {
    /// This rule denies it; nil stands for the default.
    case denied(rule: RuleID?)
    /// The issuer's entry has used up its certificates; one more can be had after so many seconds, at least 1.
    case issuerLimited(retryAfterSeconds: Int)
    /// The subject has used up its certificates; one more can be had after so many seconds, at least 1.
    case subjectLimited(retryAfterSeconds: Int)
}

extension PolicyError: CustomStringConvertible {
    /// A sentence; no claim's value.
    public var description: String {
        switch self {
        case .denied(let rule?): "couldn't allow a certificate: the rule \(rule) denies it"
        case .denied(nil): "couldn't allow a certificate: no rule allows it"
        case .issuerLimited(let seconds):
            "couldn't allow a certificate: too many for this issuer, try again in \(seconds) seconds"
        case .subjectLimited(let seconds):
            "couldn't allow a certificate: too many for this identity, try again in \(seconds) seconds"
        }
    }
}
