import Settings
import TestKit
import Testing

@testable import Identity

@Suite("other settings while tokens are verified")
struct ReconfigurationTests {
    private func settings(_ further: String) throws -> IdentitySettings {
        try IdentitySettings.parse(
            """
            oidc-issuers:
              \(TestVerifier.url): {client-id: sigstore, type: email\(further)}
            """
        )
    }

    private func identify(_ token: [UInt8], by verifier: TokenVerifier) async throws(IdentityError) {
        _ = try verifier.verify(try await verifier.prepare(IDToken(token)), now: TestVerifier.now)
    }

    @Test("keys that come the same way are kept, and so a dead issuer's")
    func keysAreKept() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims())
        _ = try await test.identity(token)
        test.issuer.setDown(true)
        let verifier = test.verifier.reconfigured(try settings(", skip-email-verification: true"))
        try await identify(token, by: verifier)
        #expect(test.issuer.requests == 2)
    }

    @Test("keys that would come another way are not inherited, in either direction")
    func keysOfAnotherSourceAreNotInherited() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims())
        _ = try await test.identity(token)
        test.issuer.setDown(true)
        let verifier = test.verifier.reconfigured(try settings(", proxy: none"))
        await #expect(throws: IdentityError.issuerUnreachable) { try await identify(token, by: verifier) }
        let back = verifier.reconfigured(try settings(""))
        await #expect(throws: IdentityError.issuerUnreachable) { try await identify(token, by: back) }
    }

    @Test("an issuer that is gone is unknown at once")
    func removedIssuerIsUnknown() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims())
        _ = try await test.identity(token)
        let verifier = test.verifier.reconfigured(try IdentitySettings.parse("oidc-issuers: {}"))
        await #expect(throws: IdentityError.issuerUnknown) { try await identify(token, by: verifier) }
    }
}
