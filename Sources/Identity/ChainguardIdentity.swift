import Wire

/// `chainguard-identity` (ID-15): the certificate names the `sub` below its issuer.
enum ChainguardIdentity {
    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        let subject = try claims.required("sub")
        try check(claims, "act") { $0.members?.allSatisfy { $0.value.kind == .string } ?? false }
        try check(claims, "internal") { internals in
            guard internals.kind == .object else { return false }
            let principal = internals["service-principal"]
            return principal == nil || principal?.kind == .string || principal?.isNull == true
        }
        guard let url = SubjectURL(issuer.text, joining: [subject]) else { throw .claimInvalid("sub") }
        return try NamedIdentity(
            uri: url.serialized,
            claims: claims,
            issuer: issuer,
            challenge: try challenge(claims) ?? subject
        )
    }

    /// POP-2: the email, if there is one, which must then be verified.
    private static func challenge(_ claims: Claims) throws(IdentityError) -> String? {
        guard let email = try claims.optional("email"), !email.isEmpty else { return nil }
        guard try claims.flag("email_verified") ?? false else { throw .emailUnverified }
        return email
    }

    /// A claim that may be missing or null, but not of another form.
    private static func check(_ claims: Claims, _ name: String, _ isGood: (JSON) -> Bool) throws(IdentityError) {
        guard let value = claims.json[name], !value.isNull else { return }
        guard isGood(value) else { throw .claimInvalid(name) }
    }
}
