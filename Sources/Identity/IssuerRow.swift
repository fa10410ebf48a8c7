/// What everybody may know of a configured issuer (API-45).
public struct IssuerRow: Sendable, Equatable {
    /// The issuer, or the pattern of several.
    public let url: String
    /// Whether it is a pattern.
    public let isPattern: Bool
    /// The audience.
    public let audience: String
    /// The claim that the proof of possession is over.
    public let challengeClaim: String
    /// The type.
    public let issuerType: String
    /// The SPIFFE trust domain, or empty.
    public let spiffeTrustDomain: String
    /// The subject domain, or empty.
    public let subjectDomain: String
    /// Whether an unverified email will do.
    public let skipEmailVerification: Bool

    /// A row for each audience of an entry; an entry without one has a row too.
    static func rows(_ settings: IssuerSettings) -> [IssuerRow] {
        let audiences = settings.audiences.isEmpty ? [""] : settings.audiences
        return audiences.map { IssuerRow(settings, audience: $0) }
    }

    private init(_ settings: IssuerSettings, audience: String) {
        url = settings.url
        isPattern = settings.isPattern
        self.audience = audience
        challengeClaim = settings.challengeClaim
        issuerType = settings.typeName
        spiffeTrustDomain = settings.spiffeTrustDomain ?? ""
        subjectDomain = settings.subjectDomain ?? ""
        skipEmailVerification = settings.skipEmailVerification
    }
}
