import Certificates
import TestKit
import Testing

@testable import Identity

@Suite("ID-11…15: types of people and machines")
struct MachineIdentityTests {
    /// The name in the certificate for a subject, nil if the token is refused.
    private func name(_ subject: String, type: String, further: String, claims: String = "") async throws -> String? {
        let test = try TestVerifier(type: type, further: further)
        let claims =
            #"{"iss":"\#(TestVerifier.url)","aud":"sigstore","exp":\#(TestVerifier.now),"sub":"\#(subject)"\#(claims)}"#
        return try? await test.identity(try test.issuer.token(claims: claims)).san.text
    }

    @Test(
        "ID-11: a SPIFFE ID of the trust domain",
        arguments: [
            ("spiffe://example.org/ns/a/sa/b", true), ("spiffe://example.org", true),
            ("spiffe://example.org/A_b-c.d", true),
            ("spiffe://example.org/", false), ("spiffe://example.org/a/", false), ("spiffe://example.org/a//b", false),
            ("spiffe://example.org/a/../b", false),
            ("spiffe://example.org/.", false), ("spiffe://EXAMPLE.org/a", false), ("SPIFFE://example.org/a", false),
            ("spiffe://example.org/a?b", false),
            ("spiffe://example.org/a#b", false), ("spiffe://example.org:80/a", false),
            ("spiffe://u@example.org/a", false), ("spiffe://example.org/a%20b", false),
            ("spiffe://example.org/é", false), ("spiffe://other.org/a", false), ("spiffe://sub.example.org/a", false),
            ("spiffe:///a", false), ("", false),
            ("https://example.org/a", false), ("spiffe://example.org/" + String(repeating: "a", count: 2027), true),
            ("spiffe://example.org/" + String(repeating: "a", count: 2028), false),
        ]
    )
    func onlySPIFFEIDsOfTheTrustDomainAreNamed(subject: String, isGood: Bool) async throws {
        for domain in ["example.org", "spiffe://example.org/whatever"] {
            let found = try await name(subject, type: "spiffe", further: "spiffe-trust-domain: \(domain)")
            #expect(found == (isGood ? subject : nil))
        }
    }

    @Test(
        "ID-13: a user name is anything but an address, and without the separator",
        arguments: [
            ("carol", true), ("Carol van Dyk", true), ("carol@", true), ("müller", true), ("urn:x:carol", true),
            ("carol@example.com", false),
            ("carol!root", false), ("", false),
        ]
    )
    func usernameIsPutBeforeItsDomain(subject: String, isGood: Bool) async throws {
        let test = try TestVerifier(type: "username", further: "subject-domain: issuer.example")
        let token = try test.issuer.token(claims: TestVerifier.claims(sub: "\"\(subject)\""))
        let identity = try? await test.identity(token)
        #expect(identity?.san == (isGood ? .otherName("\(subject)!issuer.example") : nil))
        if isGood { #expect(identity?.challenge == Array(subject.utf8)) }
    }

    @Test(
        "ID-14: a namespace is a label, a service account a subdomain",
        arguments: [
            ("build", "signer", true), ("b-1", "a.b-c.9", true), (String(repeating: "a", count: 63), "a", true),
            (String(repeating: "a", count: 64), "a", false),
            ("a.b", "c", false), ("..", "c", false), ("a", "..", false), ("a", "b..c", false), ("a", ".", false),
            ("a", "-b", false), ("a", "b-.c", false), ("-a", "b", false),
            ("A", "b", false), ("a", "B", false), ("a", "b/c", false), ("", "b", false), ("a", "", false),
            ("a", String(repeating: "a", count: 64), false),
            ("a", Array(repeating: "aa", count: 84).joined(separator: "."), true),
            ("a", Array(repeating: "aa", count: 85).joined(separator: "."), false),
        ]
    )
    func onlyNamesOfKubernetesAreNamed(namespace: String, account: String, isGood: Bool) async throws {
        let claim = #","kubernetes.io":{"namespace":"\#(namespace)","serviceaccount":{"name":"\#(account)"}}"#
        let found = try await name("x", type: "kubernetes", further: "", claims: claim)
        #expect(found == (isGood ? "https://kubernetes.io/namespaces/\(namespace)/serviceaccounts/\(account)" : nil))
    }

    @Test(
        "ID-15: the subject below its issuer, and nowhere else",
        arguments: [
            ("a/b", "/a/b"), ("a b", "/a%20b"), ("a?b#c", "/a%3Fb%23c"), ("..", nil), ("a/../b", nil), ("/a", nil),
            ("a//b", nil), ("", nil), ("a%zz", nil),
        ]
    )
    func chainguardSubjectStaysBelowItsIssuer(subject: String, expected: String?) async throws {
        let found = try await name(subject, type: "chainguard-identity", further: "")
        #expect(found == expected.map { TestVerifier.url + $0 })
    }

    @Test(
        "ID-15: act and internal have their forms",
        arguments: [
            (#","act":{"sub":"x"},"internal":{"service-principal":"X"}"#, true),
            (#","act":null,"internal":null"#, true), (#","act":"x""#, false),
            (#","act":{"sub":1}"#, false), (#","internal":[]"#, false),
            (#","internal":{"service-principal":1}"#, false),
        ]
    )
    func chainguardClaimsHaveTheirForms(claims: String, isGood: Bool) async throws {
        #expect((try await name("a", type: "chainguard-identity", further: "", claims: claims) != nil) == isGood)
    }

    @Test("POP-2: Chainguard's proof is over the email, which must be verified, else over the subject")
    func chainguardProofFollowsTheEmail() async throws {
        let test = try TestVerifier(type: "chainguard-identity")
        let verified = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
        #expect(verified.challenge == Array("alice@example.com".utf8))
        let without = try await test.identity(try test.issuer.token(claims: TestVerifier.claims(email: "null")))
        #expect(without.challenge == Array("alice-id".utf8))
        let unverified = try test.issuer.token(claims: TestVerifier.claims(verified: "false"))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(unverified) } == .emailUnverified)
    }

    @Test(
        "ID-12, ID-35: a URL is written as Go writes it",
        arguments: [
            ("https://x.example/a b", "https://x.example/a%20b"),
            ("https://x.example/%41%2f", "https://x.example/%41%2f"), ("HTTPS://X.Example/A", "https://X.Example/A"),
            ("urn:uuid:123", "urn:uuid:123"), ("a:b/c", "a:b/c"), ("a:/b c", "a:/b%20c"),
            ("https://[::1]:80/a", "https://[::1]:80/a"), ("https://u:p@x.example/", "https://u:p@x.example/"),
            ("https://x.example/a#", "https://x.example/a"), ("https://x.example/a?#b", "https://x.example/a?#b"),
            ("https://x.example/#\u{301}", "https://x.example/#%CC%81"),
            ("https://x.example?a", "https://x.example?a"), ("just/a/path", nil), ("word", nil), ("", nil), (":a", nil),
            ("1a:b", nil), ("a:", nil), ("https://a b/", nil),
            ("https://x%41.example/", nil), ("https:///a", nil), ("https://x.example/%zz", nil),
            ("https://x.example:8x/", nil), ("https://x.example/\n", nil),
            ("https://x.example\u{301}/", nil),
        ]
    )
    func urlIsWrittenAsGoWritesIt(text: String, expected: String?) {
        #expect(SubjectURL(text)?.serialized == expected)
    }
}
