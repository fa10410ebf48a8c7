/// The steps of a verification, in their order (Sigstore's client specification, §4).
public enum VerificationStep: String, Sendable, Hashable, CaseIterable {
    /// The signature is recorded in enough logs.
    case log = "A"
    /// Somebody trusted says when it was made.
    case time = "B"
    /// The certificate was valid then, by way of a CA that is trusted.
    case certificate = "C"
    /// A certificate log has promised to show the certificate to everybody.
    case promise = "D"
    /// The certificate names who is expected.
    case identity = "E"
    /// The certificate's key signed this artifact.
    case signature = "F"
    /// The signed statement is about this artifact, and of the kind that is expected.
    case statement = "G"

    /// What the step verifies, in few words.
    public var name: String {
        switch self {
        case .log: "log entry"
        case .time: "time of signing"
        case .certificate: "certificate"
        case .promise: "certificate log's promise"
        case .identity: "identity"
        case .signature: "signature"
        case .statement: "statement"
        }
    }
}
