public import Keys

/// Why the signature isn't the signer's of this artifact (step F).
public enum SignatureProblem: Error, Equatable, Sendable {
    /// The signature is of another artifact.
    case artifactMismatch
    /// The digest that was given is of another kind than the one that was signed; the artifact itself would do.
    case artifactNeeded(DigestAlgorithm)
    /// The signer's key didn't make this signature of this artifact or envelope.
    case invalid
    /// Signatures of artifacts by Ed25519 keys are Ed25519ph, which OpenSSL 3.0 doesn't have.
    case unsupported
}

extension SignatureProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .artifactMismatch: "it is of another artifact"
        case .artifactNeeded(let algorithm): "it is over the \(algorithm.plainName) digest, which wasn't given"
        case .invalid: "it wasn't made by the signer's key for this"
        case .unsupported: "it is Ed25519ph, which can't be verified here"
        }
    }
}
