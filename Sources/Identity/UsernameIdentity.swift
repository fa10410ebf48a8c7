import Certificates

/// `username` (ID-13): the certificate names the `sub` at the configured domain, as an otherName.
enum UsernameIdentity {
    static func name(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> NamedIdentity {
        let subject = try claims.required("sub")
        guard !subject.utf8.contains(UInt8(ascii: "!")), !EmailIdentity.isAddress(subject),
            let domain = settings.subjectDomain, !domain.isEmpty,
            let san = try? SubjectAlternativeName(otherName: "\(subject)!\(domain)")
        else { throw .claimInvalid("sub") }
        return try NamedIdentity(san: san, claims: claims, issuer: issuer)
    }
}
