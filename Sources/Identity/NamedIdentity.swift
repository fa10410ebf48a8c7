import Certificates

/// What an issuer's type makes of a token's claims.
struct NamedIdentity {
    let san: SubjectAlternativeName
    let extensions: IdentityExtensions
    /// What the proof of possession is over (POP-2).
    let challenge: String
}

extension NamedIdentity {
    /// An identity whose proof is over `sub`, as it is for all types but email.
    init(
        uri: String,
        claims: Claims,
        issuer: IssuerURL,
        _ fill: (inout IdentityExtensions) -> Void = { _ in }
    ) throws(IdentityError) {
        let subject = try claims.subject()
        var extensions = IdentityExtensions(issuer: issuer.text)
        fill(&extensions)
        extensions[.tokenSubject] = subject
        do { san = try SubjectAlternativeName(uri: uri) } catch { throw .claimInvalid("sub") }
        self.extensions = extensions
        challenge = subject
    }
}
