import Certificates

/// What an issuer's type makes of a token's claims.
struct NamedIdentity {
    let san: SubjectAlternativeName
    let extensions: IdentityExtensions
    /// What the proof of possession is over (POP-2).
    let challenge: String
}

extension NamedIdentity {
    /// An identity whose proof is over `sub` unless something else is given, as it is for nearly all types.
    init(
        san: SubjectAlternativeName,
        claims: Claims,
        issuer: IssuerURL,
        challenge: String? = nil,
        _ fill: (inout IdentityExtensions) -> Void = { _ in }
    ) throws(IdentityError) {
        let subject = try claims.subject()
        var extensions = IdentityExtensions(issuer: issuer.text)
        fill(&extensions)
        extensions[.tokenSubject] = subject
        self.init(san: san, extensions: extensions, challenge: challenge ?? subject)
    }

    /// The same for a URI.
    init(
        uri: String,
        claims: Claims,
        issuer: IssuerURL,
        challenge: String? = nil,
        _ fill: (inout IdentityExtensions) -> Void = { _ in }
    ) throws(IdentityError) {
        guard let san = try? SubjectAlternativeName(uri: uri) else { throw .claimInvalid("sub") }
        try self.init(san: san, claims: claims, issuer: issuer, challenge: challenge, fill)
    }
}
