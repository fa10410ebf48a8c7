/// A signature that was verified, and what that says.
public struct VerifiedSignature: Sendable, Equatable {
    /// Who signed; nil when it was the holder of a key.
    public let identity: SignerIdentity?
    /// When, as each source that counts says; empty only for a key.
    public let times: [SignatureTime]
    /// What was signed, when it is a statement.
    public let statement: Statement?
}
