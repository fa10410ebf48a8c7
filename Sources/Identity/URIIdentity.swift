/// `uri` (ID-12): the certificate names the `sub`, a URL below the configured domain.
enum URIIdentity {
    static func name(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> NamedIdentity {
        let subject = try claims.required("sub")
        guard let url = SubjectURL(subject), let domain = settings.subjectDomain.flatMap(SubjectURL.init),
            let host = url.host, url.scheme == domain.scheme, host == domain.host
        else { throw .claimInvalid("sub") }
        return try NamedIdentity(uri: url.serialized, claims: claims, issuer: issuer)
    }
}
