import Fetching
import TestKit
import Testing
import Wire

@testable import Identity

@Suite("OIDC-20…37: what the verifier would say, without the network")
struct TokenPreviewTests {
    private let issuer: TestIssuer
    private let stranger: TestIssuer

    init() throws {
        issuer = try TestIssuer(url: TestVerifier.url)
        stranger = try TestIssuer(url: TestVerifier.url)
    }

    /// Settings of the issuer with its keys in a file, unless `further` is given in its place.
    private func settings(_ further: String = "jwks-file: keys") throws -> IdentitySettings {
        let keys = try issuer.fetch(FetchRequest(url: issuer.url + "/keys")).body
        let text = """
            oidc-issuers:
              \(issuer.url):
                client-id: sigstore
                type: email
                \(further)
              https://double.example:
                - {client-id: one, type: email}
                - {client-id: two, type: email}
            meta-issuers:
              https://*.example/x: {client-id: sigstore, type: kubernetes}
            """
        return try IdentitySettings.parse(text) { $0 == "keys" ? keys : nil }
    }

    private func preview(_ claims: String, _ settings: IdentitySettings? = nil) throws -> TokenPreview {
        let token = IDToken(try issuer.token(claims: claims))
        return try (settings ?? self.settings()).preview(token, now: TestVerifier.now)
    }

    @Test func aGoodTokenPassesEveryCheck() throws {
        let preview = try preview(TestVerifier.claims())
        #expect(preview.refusal == nil)
        #expect(preview.header.finding?.claimNames == ["iss", "aud", "exp", "sub", "email", "email_verified"])
        #expect(preview.signature.finding == "ec")
        #expect(preview.expiry.finding == TestVerifier.now + 300)
        #expect(preview.identity.finding?.san == .email("alice@example.com"))
        #expect(preview.identity.finding?.extensions[.tokenSubject] == "alice-id")
        let entry = try #require(preview.audience.finding)
        #expect(entry == preview.entry && entry.line == 2 && entry.path == "oidc-issuers.\(issuer.url)")
    }

    @Test func checksGoOnAfterARefusal() throws {
        let preview = try preview(TestVerifier.claims(aud: #""other""#, exp: "5"))
        #expect(preview.refusal == .audienceMismatch(expected: ["sigstore"]))
        #expect(preview.expiry.refusal == .expired(secondsAgo: TestVerifier.now - 5))
        #expect(preview.identity.finding?.san == .email("alice@example.com"))
        #expect(preview.entry?.issuerType == "email")
    }

    @Test func aForgedSignatureIsSeenWithKeysInAFile() throws {
        let token = IDToken(try stranger.token(claims: TestVerifier.claims(exp: "5")))
        let preview = try settings().preview(token, now: TestVerifier.now)
        #expect(preview.refusal == .signatureInvalid)
        #expect(preview.identity.finding != nil)
    }

    @Test func aSignatureWhoseKeysAreFetchedIsNotChecked() throws {
        let requests = issuer.requests
        let preview = try preview(TestVerifier.claims(), settings("challenge-claim: email"))
        guard case .notChecked = preview.signature else {
            Issue.record("the signature is checked")
            return
        }
        #expect(preview.refusal == nil)
        #expect(issuer.requests == requests + 1, "only the test's own")
    }

    @Test func anUnknownIssuerIsToldItsNeighbours() throws {
        let preview = try preview(TestVerifier.claims(iss: TestVerifier.url + "/"))
        #expect(preview.refusal == .issuerUnknown && preview.entry == nil)
        #expect(preview.nearestIssuers.first == TestVerifier.url && preview.nearestIssuers.count == 3)
        #expect(preview.expiry.finding != nil)
    }

    @Test func ofTwoEntriesNoneIsGuessed() throws {
        let claims = TestVerifier.claims(iss: "https://double.example", aud: #"["one","two"]"#)
        let preview = try preview(claims)
        #expect(preview.refusal == .audienceAmbiguous && preview.entry == nil)
        #expect(preview.issuer.finding?.map { String($0.path.suffix(3)) } == ["[0]", "[1]"])
        guard case .notChecked = preview.identity else {
            Issue.record("an entry was guessed")
            return
        }
    }

    @Test func aPatternsEntryIsNamed() throws {
        let preview = try preview(TestVerifier.claims(iss: "https://a.example/x"))
        #expect(preview.entry?.path == "meta-issuers.https://*.example/x")
        #expect(preview.refusal == .claimMissing("kubernetes.io"))
    }

    @Test("what can't be read says nothing", arguments: ["", "a.b.c", "e30.e30."])
    func garbageIsMalformed(text: String) throws {
        let preview = try settings().preview(IDToken(Array(text.utf8)), now: TestVerifier.now)
        #expect(preview.refusal == .malformed && preview.claims == nil && preview.issuer.refusal == nil)
    }

    /// The preview and the verifier see the same, in the same order.
    @Test(
        "the first refusal is the verifier's",
        arguments: [
            TestVerifier.claims(), TestVerifier.claims(aud: "[1]", exp: "5"), TestVerifier.claims(exp: "null"),
            TestVerifier.claims(exp: "5", verified: "false"), TestVerifier.claims(further: #","SUB":"b""#),
            TestVerifier.claims(iss: "https://other.example", exp: "5"), TestVerifier.claims(sub: "5"),
            TestVerifier.claims(email: "null"), TestVerifier.claims(further: #","nbf":1900000000"#), "{}",
        ]
    )
    func refusalsAreTheVerifiers(claims: String) async throws {
        let test = try TestVerifier(issuer: issuer)
        let token = try issuer.token(claims: claims)
        let expected = await refusal { () throws(IdentityError) in try await test.identity(token) }
        #expect(try preview(claims).refusal == expected)
    }
}

extension TokenPreview.Check {
    fileprivate var finding: Finding? {
        if case .passed(let finding) = self { finding } else { nil }
    }
}
