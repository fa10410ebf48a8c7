import Certificates
import TestKit
import Testing

@testable import Identity

@Suite("ID-10…16: types of issuers")
struct IssuerTypeTests {
    @Test(
        "OIDC-47: email_verified",
        arguments: [
            ("true", nil), (#""true""#, nil), (#""True""#, nil), ("false", IdentityError.emailUnverified),
            (#""False""#, .emailUnverified), (#""TRUE""#, .claimInvalid("email_verified")),
            ("1", .claimInvalid("email_verified")),
            ("null", .claimInvalid("email_verified")),
        ]
    )
    func unverifiedEmailIsRefused(verified: String, expected: IdentityError?) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(verified: verified))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == expected)
    }

    @Test func unverifiedEmailIsAcceptedWhenConfigured() async throws {
        let test = try TestVerifier(further: "skip-email-verification: true")
        _ = try await test.identity(try test.issuer.token(claims: TestVerifier.claims(verified: "false")))
    }

    @Test(
        "ID-10: what is an email",
        arguments: [
            ("alice@example.com", true), ("o'neil@example.com", true), ("a/b@example.c", true),
            ("ALICE@EXAMPLE.COM", true),
            ("a@my_host.example.com", true), ("alice", false), ("alice@localhost", false), ("a@b@example.com", false),
            (" a@example.com", false), (".a@example.com", false), ("a..b@example.com", false),
            ("a@-example.com", false),
            ("a@example.123", false), ("a@bücher.example", false), ("@example.com", false), ("a@example..com", false),
        ]
    )
    func onlyAddressesAreEmails(email: String, isGood: Bool) {
        #expect(EmailIdentity.isAddress(email) == isGood)
    }

    @Test("ID-10: the issuer claim names the provider behind a broker")
    func issuerClaimReplacesTheIssuer() async throws {
        let test = try TestVerifier(further: "issuer-claim: $.federated_claims.connector_id")
        let claims = TestVerifier.claims(
            further: #","federated_claims":{"connector_id":"https://github.com/login/oauth"}"#
        )
        let identity = try await test.identity(try test.issuer.token(claims: claims))
        #expect(identity.extensions[.issuerV2] == "https://github.com/login/oauth")
        let missing = try test.issuer.token(claims: TestVerifier.claims())
        #expect(
            await refusal { () throws(IdentityError) in try await test.identity(missing) }
                == .claimMissing("federated_claims.connector_id")
        )
    }

    @Test(
        "ID-12: the subject is a URL below the domain",
        arguments: [
            ("https://example.com/a", "https://example.com/a"),
            ("https://example.com:8443/é", "https://example.com:8443/%C3%A9"),
            ("http://example.com/a", nil), ("https://evil.example/a", nil), ("https://example.com/%zz", nil),
            ("https://example.com\\\\evil/", nil), ("alice@example.com", nil),
        ]
    )
    func uriSubjectStaysInItsDomain(subject: String, expected: String?) async throws {
        let issuer = try TestIssuer(url: "https://issuer.example.com")
        let test = try TestVerifier(issuer: issuer, type: "uri", further: "subject-domain: https://example.com")
        let token = try issuer.token(claims: TestVerifier.claims(iss: issuer.url, sub: "\"\(subject)\""))
        let identity = try? await test.identity(token)
        #expect(identity?.san == expected.map { .uri($0) })
        if expected != nil { #expect(identity.map { String(decoding: $0.challenge, as: UTF8.self) } == subject) }
    }

    @Test("ID-14: a service account")
    func serviceAccountIsNamed() async throws {
        let test = try TestVerifier(type: "kubernetes")
        let claims = TestVerifier.claims(
            further: #","kubernetes.io":{"namespace":"build","serviceaccount":{"name":"signer"}}"#
        )
        let identity = try await test.identity(try test.issuer.token(claims: claims))
        #expect(identity.san == .uri("https://kubernetes.io/namespaces/build/serviceaccounts/signer"))
        #expect(identity.challenge == Array("alice-id".utf8))
    }

    @Test(
        "ID-14 [Q]: half a service account is refused",
        arguments: [
            "", #","kubernetes.io":{}"#, #","kubernetes.io":{"namespace":"x"}"#, #","kubernetes.io":[1]"#,
            #","kubernetes.io":{"namespace":"a/b","serviceaccount":{"name":"c"}}"#,
        ]
    )
    func halfAServiceAccountIsRefused(further: String) async throws {
        let test = try TestVerifier(type: "kubernetes")
        let token = try test.issuer.token(claims: TestVerifier.claims(further: further))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } != nil)
    }

    static let gitHub = [
        "job_workflow_ref": "o/r/.github/workflows/w.yml@refs/heads/main", "sha": "c0ffee", "event_name": "push",
        "repository": "o/r", "workflow": "w", "ref": "refs/heads/main", "job_workflow_sha": "beef",
        "runner_environment": "github-hosted", "repository_id": "1", "repository_owner": "o",
        "repository_owner_id": "2",
        "repository_visibility": "public", "workflow_ref": "o/r/.github/workflows/w.yml@refs/heads/main",
        "workflow_sha": "cafe", "run_id": "3", "run_attempt": "4",
    ]

    private func gitHubClaims(_ claims: [String: String]) -> String {
        TestVerifier.claims(further: claims.map { #","\#($0)":"\#($1)""# }.joined())
    }

    @Test("ID-16: every extension")
    func workflowFillsItsExtensions() async throws {
        let test = try TestVerifier(type: "github-workflow")
        let identity = try await test.identity(try test.issuer.token(claims: gitHubClaims(Self.gitHub)))
        let signer = "https://github.com/o/r/.github/workflows/w.yml@refs/heads/main"
        #expect(identity.san == .uri(signer))
        let texts = Dictionary(uniqueKeysWithValues: identity.extensions.ordered.map { ($0.id.rawValue, $0.text) })
        #expect(
            texts == [
                1: TestVerifier.url, 2: "push", 3: "c0ffee", 4: "w", 5: "o/r", 6: "refs/heads/main",
                8: TestVerifier.url,
                9: signer, 10: "beef", 11: "github-hosted", 12: "https://github.com/o/r", 13: "c0ffee",
                14: "refs/heads/main", 15: "1", 16: "https://github.com/o", 17: "2", 18: signer, 19: "cafe", 20: "push",
                21: "https://github.com/o/r/actions/runs/3/attempts/4", 22: "public", 24: "alice-id",
            ]
        )
    }

    @Test("ID-16: no claim may be missing", arguments: gitHub.keys.sorted())
    func missingWorkflowClaimIsRefused(name: String) async throws {
        let test = try TestVerifier(type: "github-workflow")
        let token = try test.issuer.token(claims: gitHubClaims(Self.gitHub.filter { $0.key != name }))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .claimMissing(name))
    }
}
