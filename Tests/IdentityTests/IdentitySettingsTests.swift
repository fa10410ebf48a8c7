import Settings
import Testing

@testable import Identity

@Suite("OIDC-1…25: configuration")
struct IdentitySettingsTests {
    private func refusalOf(_ text: String) -> String? {
        do throws(SettingsError) {
            _ = try IdentitySettings.parse(text)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("OIDC-2: JSON, keys in any letter case, unknown keys ignored")
    func jsonIsRead() throws {
        let settings = try IdentitySettings.parse(
            """
            {"OIDCIssuers": {"https://a.example": {"IssuerURL": "https://a.example", "clientid": "sigstore",
             "Type": "email", "SkipEmailVerification": true, "Whatever": 1}}, "MetaIssuers": {}}
            """
        )
        #expect(settings.publicRows.map(\.url) == ["https://a.example"])
        #expect(settings.publicRows.first?.skipEmailVerification == true)
        #expect(settings.publicRows.first?.audience == "sigstore")
    }

    @Test("OIDC-3: aliases as keys, and a section of definitions")
    func aliasesAreKeys() throws {
        let settings = try IdentitySettings.parse(
            """
            define:
              - &url https://a.example
              - &common {client-id: sigstore, type: email}
            oidc-issuers:
              *url : *common
            """
        )
        #expect(settings.settings(for: IssuerURL("https://a.example"))?.clientID == "sigstore")
    }

    @Test(
        "OIDC-21: a pattern matches whole issuers only",
        arguments: [
            ("https://a.example/1", true), ("https://a.example/a_b-C", true), ("https://a.example/", false),
            ("https://a.example/1/2", false), ("https://a.example/1.2", false), ("https://aXexample/1", false),
            ("https://evil.example/?https://a.example/1", false), ("https://a.example/1\n", false),
            ("https://a.example/ä", false),
        ]
    )
    func patternIsAnchored(issuer: String, matches: Bool) {
        #expect(IssuerPattern("https://a.example/*").matches(IssuerURL(issuer)) == matches)
    }

    @Test("a pattern of many stars stays quick")
    func manyStarsStayQuick() {
        let pattern = IssuerPattern("https://*.*.*.*.*/*/*-*")
        #expect(!pattern.matches(IssuerURL("https://" + String(repeating: "a", count: 2000))))
        #expect(pattern.matches(IssuerURL("https://a.b.c.d.e/f/g-h")))
    }

    @Test("OIDC-22, OIDC-23: exact beats pattern; two patterns accept nothing")
    func choiceIsNeverByChance() throws {
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              https://a.example/x: {client-id: exact, type: email}
            meta-issuers:
              https://a.example/*: {client-id: one, type: email}
              https://*.example/y: {client-id: two, type: email}
            """
        )
        #expect(settings.settings(for: IssuerURL("https://a.example/x"))?.clientID == "exact")
        #expect(settings.settings(for: IssuerURL("https://a.example/z"))?.clientID == "one")
        #expect(settings.settings(for: IssuerURL("https://b.example/y"))?.clientID == "two")
        #expect(settings.settings(for: IssuerURL("https://a.example/y")) == nil)
    }

    @Test("a type that isn't built is named and accepts nothing", arguments: IssuerType.notBuilt.sorted())
    func unbuiltTypeWarns(type: String) throws {
        let settings = try IdentitySettings.parse(
            "oidc-issuers: {\"https://a.example\": {client-id: c, type: \(type), spiffe-trust-domain: example.org}}"
        )
        #expect(settings.warnings == [.typeNotBuilt(issuer: "https://a.example", type: type)])
        #expect(settings.settings(for: IssuerURL("https://a.example"))?.type == nil)
    }

    @Test(
        "refusals name the line and the rule",
        arguments: [
            ("oidc-issuers: {\"https://a.example\": {issuer-url: \"https://b.example\", type: email}}", "OIDC-23"),
            ("oidc-issuers: {\"https://a.example\": {type: future}}", "issuer missing challenge claim"),
            ("oidc-issuers: {\"https://a.example\": {type: kubernetes, issuer-claim: $.a}}", "only email issuers"),
            ("oidc-issuers: {\"https://a.example\": {type: email, issuer-claim: a}}", "must be a path"),
            ("oidc-issuers: {\"https://a.example\": {type: email, ca-cert: x}}", "failed to parse CA certificate"),
            ("oidc-issuers: {\"https://a.example\": {type: uri}}", "must have SubjectDomain set"),
            ("oidc-issuers: {\"https://a.example\": {type: uri, subject-domain: a.example}}", "must contain scheme"),
            (
                "oidc-issuers: {\"https://a.example\": {type: uri, subject-domain: \"http://a.example\"}}",
                "schemes do not match"
            ),
            ("oidc-issuers: {\"https://a.example\": {type: uri, subject-domain: \"https://b.test\"}}", "do not match"),
            ("meta-issuers: {\"https://*.example\": {type: spiffe}}", "SPIFFE meta issuers not supported"),
            ("oidc-issuers: {\"https://a.example\": {}}", "type: this key is missing"),
            ("oidc-issuers: [", "line "),
        ]
    )
    func badSettingsAreRefused(text: String, rule: String) throws {
        let problem = try #require(refusalOf(text))
        #expect(problem.contains(rule) && problem.contains("line"), "got: \(problem)")
    }
}
