/// What is configured for an issuer, checked.
public struct IssuerSettings: Sendable {
    /// Which entry this is.
    let entry: IssuerEntryID
    /// The issuer, or the pattern of several.
    let url: String
    /// Whether `url` is a pattern.
    let isPattern: Bool
    /// The audiences one of which tokens must have; none accepts no token.
    let audiences: [String]
    /// The type's name as configured.
    let typeName: String
    /// The type; nil when it is unknown.
    let type: IssuerType?
    /// Whose templates make the name; only with the type `ci-provider`.
    let provider: CIProvider?
    /// Where to find the issuer's name for the certificate; email only.
    let issuerClaim: ClaimPath?
    /// The domain that a `uri` subject must be below, or that is put behind a `username`.
    let subjectDomain: String?
    /// The SPIFFE trust domain.
    let spiffeTrustDomain: String?
    /// The claim that clients are told to prove.
    let challengeClaim: String
    /// Whether an unverified email will do.
    let skipEmailVerification: Bool
    /// Where the issuer's keys come from; the same for all entries of the URL.
    let keySource: KeySource
}
