/// The two calls that hand a log something (RFC 6962 §4.1 and §4.2).
public enum SubmissionCall: String, Sendable, CaseIterable {
    /// A certificate.
    case addChain = "add-chain"
    /// A precertificate.
    case addPreChain = "add-pre-chain"
}
