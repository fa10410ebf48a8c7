import Fetching
import Settings
import TestKit
import Wire

@testable import Identity

/// A verifier for one issuer, with the issuer and the clock in the test's hands.
struct TestVerifier {
    static let url = "https://issuer.example"
    static let now: Int64 = 1_800_000_000

    let issuer: TestIssuer
    let verifier: TokenVerifier

    init(
        issuer: TestIssuer? = nil,
        type: String = "email",
        further: String = "",
        clock: @escaping @Sendable () -> Int64 = { 0 }
    ) throws {
        let issuer = try issuer ?? TestIssuer(url: Self.url)
        self.issuer = issuer
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              \(issuer.url):
                issuer-url: \(issuer.url)
                client-id: sigstore
                type: \(type)
                \(further)
            """
        )
        verifier = TokenVerifier(settings: settings, now: clock) { request throws(FetchError) in
            try issuer.fetch(request)
        }
    }

    /// Verifies as the authority does: prepare, verify, and again with newer keys.
    func identity(_ token: [UInt8], now: Int64 = TestVerifier.now) async throws(IdentityError) -> VerifiedIdentity {
        var prepared = try await verifier.prepare(IDToken(token))
        while true {
            do throws(IdentityError) {
                return try verifier.verify(prepared, now: now)
            } catch {
                guard error.mayNeedNewKeys, let renewed = await verifier.renew(prepared) else { throw error }
                prepared = renewed
            }
        }
    }

    /// The claims of alice, with some members put in place of others.
    static func claims(
        iss: String = url,
        aud: String = #""sigstore""#,
        exp: String = "\(now + 300)",
        sub: String = #""alice-id""#,
        email: String = #""alice@example.com""#,
        verified: String = "true",
        further: String = ""
    ) -> String {
        #"{"iss":"\#(iss)","aud":\#(aud),"exp":\#(exp),"sub":\#(sub),"email":\#(email),"email_verified":\#(verified)\#(further)}"#
    }
}

/// The error of an expression that should throw one.
func refusal(_ body: () async throws(IdentityError) -> some Any) async -> IdentityError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension TokenVerifier {
    /// Both steps that are CPU work.
    func verify(_ prepared: PreparedToken, now: Int64) throws(IdentityError) -> VerifiedIdentity {
        try identify(try authenticate(prepared), now: now)
    }
}
