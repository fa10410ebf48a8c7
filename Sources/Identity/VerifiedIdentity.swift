public import Certificates
public import Keys
public import Wire

/// Who a token identifies: verified signature, time, audience and claims. Only ``TokenVerifier`` makes one.
public struct VerifiedIdentity: Sendable {
    /// The configuration's entry that the token was accepted by.
    public let entry: IssuerEntryID
    /// The token's issuer.
    public let issuer: IssuerURL
    /// The issuer's type, such as `email`.
    public let issuerType: String
    /// The token's `sub`, possibly empty.
    public let subject: String
    /// What the proof of possession is over: the bytes of the email, or else of `sub` (POP-1, POP-2).
    public let challenge: [UInt8]
    /// The name for the certificate.
    public let san: SubjectAlternativeName
    /// What else the certificate says.
    public let extensions: IdentityExtensions
    /// All claims.
    public let claims: JSON
    /// The issuer's name of the key that signed the token.
    public let keyID: String?

    /// SHA-256 of what the issuer signed, and so of the token but for its signature, of which there may be several.
    public let tokenDigest: SHA256Digest
    /// The token's `exp` in seconds since 1970.
    public let expirySeconds: Int64

    /// For ``TokenVerifier``.
    init(
        token: CompactToken,
        settings: IssuerSettings,
        subject: String,
        expirySeconds: Int64,
        named: NamedIdentity,
        keyID: String?
    ) {
        entry = settings.entry
        issuer = token.issuer
        issuerType = settings.typeName
        self.subject = subject
        challenge = Array(named.challenge.utf8)
        san = named.san
        extensions = named.extensions
        claims = token.claims
        self.keyID = keyID
        tokenDigest = SHA256Digest(hashing: token.signedBytes)
        self.expirySeconds = expirySeconds
    }
}
