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
        #expect(settings.settings(for: IssuerURL("https://a.example"))?.entries.first?.audiences == ["sigstore"])
    }

    @Test("OIDC-22: an exact issuer beats a pattern of its type")
    func exactBeatsPattern() throws {
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              https://a.example/x: {client-id: exact, type: email}
            meta-issuers:
              https://a.example/*: {client-id: one, type: email}
            """
        )
        #expect(settings.settings(for: IssuerURL("https://a.example/x"))?.entries.first?.audiences == ["exact"])
        #expect(settings.settings(for: IssuerURL("https://a.example/z"))?.entries.first?.audiences == ["one"])
        #expect(settings.settings(for: IssuerURL("https://a.example/")) == nil)
    }

    @Test(
        "OIDC-23: what chance would decide is refused, with both places",
        arguments: [
            (
                """
                meta-issuers:
                  https://a.example/*: {client-id: c, type: email}
                  https://*.example/y: {client-id: c, type: email}
                """,
                "line 3: meta-issuers.https://*.example/y: some issuers match both this and "
                    + "meta-issuers.https://a.example/* in line 2"
            ),
            (
                """
                meta-issuers:
                  https://*.example: {client-id: c, type: email}
                oidc-issuers:
                  https://b.example: {client-id: c, type: email}
                  https://a.example: {client-id: c, type: kubernetes}
                """,
                "line 2: meta-issuers.https://*.example: also matches oidc-issuers.https://a.example in line 5, "
                    + "which is of another type"
            ),
        ]
    )
    func overlapIsRefused(text: String, problem: String) {
        #expect(refusalOf(text) == problem)
    }

    @Test("the public instance's patterns share no issuer")
    func publicPatternsAreAccepted() throws {
        let patterns = [
            "https://*.oic.prod-aks.azure.com/*/*", "https://*.oic.prod-aks.azure.com/*/*/",
            "https://oidc.prod-aks.azure.com/*", "https://oidc.prod-aks.azure.com/*/",
            "https://oidc.prod-aks.azure.com/*/*", "https://oidc.eks.*.amazonaws.com/id/*",
            "https://container.googleapis.com/v1/projects/*/locations/*/clusters/*",
            "https://oidc.circleci.com/org/*", "https://token.actions.githubusercontent.com/*",
        ]
        let metas = patterns.map { "\"\($0)\": {client-id: sigstore, type: kubernetes}" }.joined(separator: ", ")
        let exact = ["https://oidc.circleci.com", "https://token.actions.githubusercontent.com"]
            .map { "\"\($0)\": {client-id: sigstore, type: email}" }.joined(separator: ", ")
        let settings = try IdentitySettings.parse("{oidc-issuers: {\(exact)}, meta-issuers: {\(metas)}}")
        #expect(settings.publicRows.count == 11)
    }

    @Test("OIDC-25: an issuer may have several entries, and an entry several audiences")
    func issuerHasAListOfEntries() throws {
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              https://a.example:
                - {client-id: [people, staff], type: email}
                - {client-id: machines, type: github-workflow}
            meta-issuers:
              https://*.b.example:
                - {client-id: one, type: email}
                - {type: kubernetes}
            """
        )
        #expect(settings.entries.map(\.id.index) == [0, 1, 2, 3])
        #expect(settings.entries.map(\.node.line) == [3, 4, 7, 8])
        #expect(settings.publicRows.map(\.audience) == ["people", "staff", "machines", "one", ""])
        #expect(settings.publicRows.map(\.issuerType).prefix(3) == ["email", "email", "github-workflow"])
        let issuer = try #require(settings.settings(for: IssuerURL("https://a.example")))
        #expect(try issuer.entry(for: ["x", "staff", "people"]).entry.index == 0)
        #expect(try issuer.entry(for: ["machines"]).entry.index == 1)
        #expect(throws: IdentityError.audienceAmbiguous) { try issuer.entry(for: ["machines", "people"]) }
        #expect(throws: IdentityError.audienceMismatch(expected: ["people", "staff", "machines"])) {
            try issuer.entry(for: [""])
        }
    }

    @Test("OIDC-15: an unknown type with a challenge claim is named and accepts nothing")
    func unknownTypeWarns() throws {
        let settings = try IdentitySettings.parse(
            "oidc-issuers: {\"https://a.example\": {client-id: c, type: future, challenge-claim: sub}}"
        )
        #expect(settings.warnings == [.typeUnknown(issuer: "https://a.example", type: "future")])
        #expect(settings.settings(for: IssuerURL("https://a.example"))?.entries.first?.type == nil)
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
            ("oidc-issuers: {\"https://a.example\": {type: spiffe}}", "must have SPIFFETrustDomain set"),
            (
                "oidc-issuers: {\"https://a.example\": {type: spiffe, spiffe-trust-domain: A}}",
                "trust domain is invalid"
            ),
            ("oidc-issuers: {\"https://a.example\": {type: username}}", "must have SubjectDomain set"),
            (
                "oidc-issuers: {\"https://a.example\": {type: username, subject-domain: \"https://a.example\"}}",
                "should not contain scheme"
            ),
            ("oidc-issuers: {a.example: {type: username, subject-domain: a.example}}", "must contain scheme"),
            ("oidc-issuers: {\"https://a.example\": {type: username, subject-domain: b.test}}", "do not match"),
            ("oidc-issuers: {\"https://a\": {type: username, subject-domain: b}}", "too short"),
            ("oidc-issuers: {\"https://a.example\": {}}", "type: this key is missing"),
            ("oidc-issuers: [", "line "),
            ("oidc-issuers: {\"https://a.example\": []}", "at least one entry"),
            ("oidc-issuers: {\"https://a.example\": x}", "must be a mapping"),
            ("oidc-issuers: {\"https://a.example\": {type: email, client-id: [\"\"]}}", "can't be empty"),
            ("oidc-issuers: {\"https://a.example\": {type: email, client-id: [a, a]}}", "has the audience a, which"),
            (
                "oidc-issuers: {\"https://a.example\": [{type: email, client-id: a}, {type: uri, client-id: [b, a], "
                    + "subject-domain: \"https://a.example\"}]}",
                "https://a.example[1]: has the audience a, which oidc-issuers.https://a.example[0] in line 1 has"
            ),
            (
                "oidc-issuers: {\"https://a.example\": [{type: email, client-id: a}, {type: email, proxy: none}]}",
                "https://a.example[1]: must say the same as oidc-issuers.https://a.example[0] in line 1 about ca-cert"
            ),
        ]
    )
    func badSettingsAreRefused(text: String, rule: String) throws {
        let problem = try #require(refusalOf(text))
        #expect(problem.contains(rule) && problem.contains("line"), "got: \(problem)")
    }
}
