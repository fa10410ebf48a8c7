import Fetching
import TestKit
import Testing

@testable import Identity
@testable import Policy

@Suite("The policy of an identity that a token has proven")
struct VerifiedIdentityTests {
    @Test func ruleAndLimitsAreThoseOfTheEntryThatAcceptedTheToken() async throws {
        let issuer = try TestIssuer(url: "https://b.example")
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              https://a.example: {type: email, client-id: sigstore, rules: {default: deny, list: []}}
              https://b.example:
                type: email
                client-id: sigstore
                rules: {default: deny, list: [{id: staff, allow: {groups: release, email: {glob: "*@acme.example"}}}]}
                limits: {subject: {rate: 1/m, burst: 1}}
                tokens: once
            """
        )
        let policy = try IssuancePolicy(entries: settings.entries)
        let limiter = RateLimiter()
        let verifier = TokenVerifier(settings: settings) { request throws(FetchError) in try issuer.fetch(request) }
        func identity(_ email: String, sub: String) async throws -> VerifiedIdentity {
            let claims = #"""
                {"iss":"https://b.example","aud":"sigstore","exp":2000,"sub":"\#(sub)","email":"\#(email)",
                "email_verified":true,"groups":["users","release"]}
                """#
            let prepared = try await verifier.prepare(IDToken(try issuer.token(claims: claims)))
            return try verifier.identify(try verifier.authenticate(prepared), now: 1000)
        }
        func permit(_ identity: VerifiedIdentity) throws(PolicyError) -> Permission {
            try policy.permit(identity, limiter: limiter, nowMilliseconds: 0)
        }

        let alice = try await identity("alice@acme.example", sub: "")
        let permission = try permit(alice)
        #expect(permission.rule?.text == "staff" && permission.tokenUses == .limited(to: 1))
        #expect(throws: PolicyError.subjectLimited(retryAfterSeconds: 60)) { try permit(alice) }
        // Without `sub` the certificate's name is the subject.
        _ = try permit(try await identity("bob@acme.example", sub: ""))
        _ = try permit(try await identity("alice@acme.example", sub: "alice-id"))
        let stranger = try await identity("alice@other.example", sub: "x")
        #expect(throws: PolicyError.denied(rule: nil)) { try permit(stranger) }
    }
}
