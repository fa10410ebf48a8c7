import Fetching
import TestKit

@testable import Identity

/// Alice, verified from a real token of a test issuer.
enum TestIdentity {
    static let email = "alice@example.com"
    static let now: Int64 = 1_800_000_000

    static func alice(email: String = email) async throws -> VerifiedIdentity {
        let issuer = try TestIssuer(url: "https://issuer.example")
        let settings = try IdentitySettings.parse(
            "oidc-issuers: {\"\(issuer.url)\": {client-id: sigstore, type: email}}"
        )
        let verifier = TokenVerifier(settings: settings, now: { 0 }) { request throws(FetchError) in
            try issuer.fetch(request)
        }
        let claims =
            #"{"iss":"\#(issuer.url)","aud":"sigstore","exp":\#(now + 60),"sub":"alice-id","email":"\#(email)","email_verified":true}"#
        let prepared = try await verifier.prepare(IDToken(try issuer.token(claims: claims)))
        return try verifier.identify(try verifier.authenticate(prepared), now: now)
    }
}
