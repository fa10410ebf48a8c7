import Wire

@testable import Identity

enum IdentityDecoders {
    private static let entries: [IssuerSettings] = {
        let domain = "https://issuer.test"
        let text = """
            oidc-issuers:
              https://issuer.test: {client-id: sigstore, type: email, issuer-claim: $.federated_claims.connector_id}
              https://uri.issuer.test: {client-id: sigstore, type: uri, subject-domain: https://issuer.test}
              https://kubernetes.test: {client-id: sigstore, type: kubernetes}
              https://github.test: {client-id: sigstore, type: github-workflow}
            meta-issuers:
              https://*.issuer.test/*/oidc: {client-id: sigstore, type: email}
            """
        guard let settings = try? IdentitySettings.parse(text) else { return [] }
        let names = [domain, "https://uri.issuer.test", "https://kubernetes.test", "https://github.test"]
        return names.compactMap { settings.settings(for: IssuerURL($0))?.entries.first }
    }()

    /// A compact token (RFC 7515 §7.1), and its claims whoever signed it.
    ///
    /// An input that has no dots is taken for claims: few changes of base64url leave JSON behind it.
    @Sendable static func token(_ bytes: [UInt8]) {
        Decoders.require(entries.count == 4, "the settings are right")
        var text = bytes
        if !bytes.contains(UInt8(ascii: ".")) || bytes.first == UInt8(ascii: "{") {
            text = Array("eyJhbGciOiJFUzI1NiJ9.\(Base64.encodeURL(bytes)).AAAA".utf8)
        }
        guard let token = try? CompactToken(IDToken(text)), let claims = try? Claims(token.claims) else { return }
        _ = try? claims.subject()
        _ = try? claims.audiences()
        for name in ["exp", "nbf", "iat"] { _ = try? claims.moment(name) }
        for entry in entries { _ = try? entry.type?.identity(claims, entry, token.issuer) }
    }

    /// The document behind an issuer's `jwks_uri`.
    @Sendable static func keySet(_ bytes: [UInt8]) {
        guard let set = try? JSONWebKeySet(json: bytes) else { return }
        Decoders.require(set.keys.count <= JSONWebKeySet.keysMax, "the keys are bounded")
        _ = set.candidates(keyID: "a", algorithm: .es256)
    }
}
