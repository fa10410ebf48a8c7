public import Keys

/// What a verifier wants beyond a good signature.
public struct VerificationPolicy: Sendable, Equatable {
    /// Whose signature.
    public enum Signer: Sendable, Equatable {
        /// That of a certificate that names this identity.
        case identity(ExpectedIdentity)
        /// That of the holder of this key.
        case key(PublicKey)
    }

    /// Whose signature.
    public let signer: Signer
    /// What a signed statement must be about, its `predicateType`; nil for anything.
    public let predicateType: String?

    /// Makes a policy.
    public init(signer: Signer, predicateType: String? = nil) {
        self.signer = signer
        self.predicateType = predicateType
    }
}
