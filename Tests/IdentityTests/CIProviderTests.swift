import Certificates
import Settings
import TestKit
import Testing
import Wire

@testable import Identity

@Suite("ID-20, ID-30…36: ci-provider")
struct CIProviderTests {
    /// A verifier for an issuer of the type, with this metadata.
    private func verifier(_ metadata: String) throws -> TestVerifier {
        try TestVerifier(
            type: "ci-provider",
            further: "ci-provider: own\nci-issuer-metadata:\n  own:\n" + indented(metadata)
        )
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    }

    private func identity(_ metadata: String, _ claims: String) async throws -> VerifiedIdentity {
        let test = try verifier(metadata)
        return try await test.identity(try test.issuer.token(claims: TestVerifier.claims(further: claims)))
    }

    @Test("ID-31…34: names, templates, defaults, blanks")
    func templatesFillNameAndExtensions() async throws {
        let identity = try await identity(
            """
            default-template-values: {url: "https://ci.example", both: default, other: default, none: }
            subject-alternative-name-template: "{{.url}}/{{.job}}"
            extension-templates:
              github-workflow-sha: sha
              build-trigger: both
              build-signer-digest: other
              build-config-digest: none
              runner-environment: "  "
              source-repository-ref: "refs/{{if eq .kind \\"tag\\"}}tags{{else}}heads{{end}}/{{.ref}}"
              issuer: sha
              subject: sha
            """,
            #","job":"a b","sha":"c0ffee","both":"claim","kind":"tag","ref":"v 1""#
        )
        #expect(identity.san == .uri("https://ci.example/a%20b"))
        let texts = Dictionary(uniqueKeysWithValues: identity.extensions.ordered.map { ($0.id.rawValue, $0.text) })
        #expect(
            texts == [
                1: TestVerifier.url, 3: "c0ffee", 8: TestVerifier.url, 10: "default", 11: "  ", 14: "refs/tags/v 1",
                20: "claim",
                24: "alice-id",
            ]
        )
        #expect(identity.challenge == Array("alice-id".utf8))
    }

    @Test("OIDC-2: all keys in JSON's spelling, each at its extension")
    func jsonSpellingIsRead() async throws {
        let names = [
            "GithubWorkflowTrigger", "GithubWorkflowSHA", "GithubWorkflowName", "GithubWorkflowRepository",
            "GithubWorkflowRef", "BuildSignerURI",
            "BuildSignerDigest", "RunnerEnvironment", "SourceRepositoryURI", "SourceRepositoryDigest",
            "SourceRepositoryRef", "SourceRepositoryIdentifier",
            "SourceRepositoryOwnerURI", "SourceRepositoryOwnerIdentifier", "BuildConfigURI", "BuildConfigDigest",
            "BuildTrigger", "RunInvocationURI",
            "SourceRepositoryVisibilityAtSigning", "DeploymentEnvironment",
        ]
        let templates = names.map { #""\#($0)":"{{ `\#($0)` }}""# }.joined(separator: ",")
        let settings = try IdentitySettings.parse(
            """
            {"OIDCIssuers": {"https://a.example": {"ClientID": "c", "Type": "ci-provider", "CIProvider": "Own"}},
             "CIIssuerMetadata": {"Own": {"DefaultTemplateValues": {"Site": "https://ci.example"}, "ExtensionTemplates": {\(templates)},
              "SubjectAlternativeNameTemplate": "{{.Site}}"}}}
            """
        )
        let issuer = IssuerURL("https://a.example")
        let entry = try #require(settings.settings(for: issuer)?.entries.first)
        let claims = try Claims(try JSON.parse(Array("{}".utf8)))
        let named = try CIProviderIdentity.name(claims, entry, issuer)
        #expect(named.san == .uri("https://ci.example"))
        let numbers = Array(2...6) + Array(9...23)
        let found = named.extensions.ordered.filter { ![1, 8].contains($0.id.rawValue) }
        #expect(found.map(\.text) == names && found.map { Int($0.id.rawValue) } == numbers)
    }

    @Test(
        "what the claims don't give is refused",
        arguments: [
            ("{{.none}}", IdentityError.claimMissing("none")), ("none", .claimMissing("none")),
            ("{{slice .sub 99}}", .templateFailed("the subject alternative name")),
            ("no/{{.sub}}", .templateFailed("the subject alternative name")),
            ("{{index . \"none\"}}", .templateFailed("the subject alternative name")),
        ]
    )
    func nameThatCannotBeMadeIsRefused(template: String, expected: IdentityError) async throws {
        let test = try verifier("subject-alternative-name-template: '\(template)'")
        let token = try test.issuer.token(claims: TestVerifier.claims())
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == expected)
        let inExtension = try verifier(
            "subject-alternative-name-template: '{{`a:b`}}'\nextension-templates: {build-trigger: none}"
        )
        let second = try inExtension.issuer.token(claims: TestVerifier.claims())
        #expect(
            await refusal { () throws(IdentityError) in try await inExtension.identity(second) }
                == .claimMissing("none")
        )
    }

    @Test(
        "OIDC-16: what can never work is refused at load, with its place",
        arguments: [
            ("own: {}", "subject-alternative-name-template: this key is missing"),
            ("own: {subject-alternative-name-template: \" \"}", "must not be empty"),
            ("own: {subject-alternative-name-template: }", "this key is missing"),
            (
                "other: {subject-alternative-name-template: a}",
                "line 2: oidc-issuers.https://a.example.ci-provider: ci-issuer-metadata has no 'own'"
            ),
            (
                "own:\n    subject-alternative-name-template: |-\n      a\n      {{range .a}}",
                "line 5: ci-issuer-metadata.own.subject-alternative-name-template: template line 2, column 3: 'range'"
            ),
            (
                "own: {subject-alternative-name-template: a, extension-templates: {build-trigger: \"{{\"}}",
                "extension-templates.build-trigger: template line 1, column 1"
            ),
        ]
    )
    func badMetadataIsRefused(metadata: String, problem: String) {
        let text =
            "oidc-issuers:\n  https://a.example: {type: ci-provider, ci-provider: own}\nci-issuer-metadata:\n  \(metadata)"
        let error = #expect(throws: SettingsError.self) { try IdentitySettings.parse(text) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(problem), "\(error.map { "\($0)" } ?? "")")
    }

    @Test("a ci-provider entry names its provider")
    func missingProviderIsRefused() {
        #expect(throws: SettingsError.self) {
            try IdentitySettings.parse("oidc-issuers: {\"https://a.example\": {type: ci-provider}}")
        }
    }

    @Test(
        "keys that nothing reads are refused where they must be",
        arguments: ["whatever: 1", "extension-templates: {build-sign-uri: a}"]
    )
    func unknownKeyIsRefused(line: String) throws {
        let text = "ci-issuer-metadata: {own: {subject-alternative-name-template: a, \(line)}}"
        _ = try IdentitySettings.parse(text)
        let sections = try SettingsNode.parse(text).object(known: ["ci-issuer-metadata"])
        #expect(throws: SettingsError.self) { try IdentitySettings(sections: sections, unknownKeys: .refused) }
    }
}

@Suite("ID-30: claims as text")
struct ClaimTextTests {
    @Test(
        arguments: [
            (#""a b""#, "a b"), (#""""#, ""), ("true", "true"), ("false", "false"), ("null", ""), ("0", "0"),
            ("-0.0", "0"), ("1000000", "1000000"),
            ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
            ("9007199254740993", "9007199254740993"),
            ("3.0", "3"), ("3000000.0", "3000000"), ("1e20", "100000000000000000000"), ("-12.50", "-12.5"),
            ("1e-7", "0.0000001"), ("1.5e-10", "0.00000000015"),
            ("0.1234567890123456789", "0.12345678901234568"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("1e21", "1e+21"), ("-2.5e22", "-2.5e+22"),
            ("123456789012345678e3", "123456789012345680000"), ("1.25e2", "125"),
            ("5e-324", "0." + String(repeating: "0", count: 323) + "5"),
            ("[]", "[]"), ("{}", "map[]"), (#"["a",1,null,true,{"k":[1.5]}]"#, "[a 1 <nil> true map[k:[1.5]]]"),
            (#"{"b":1,"a":"x","B":null}"#, "map[B:<nil> a:x b:1]"),
        ]
    )
    func claimIsText(json: String, expected: String) throws {
        #expect(ClaimText.text(of: try JSON.parse(Array(json.utf8))) == expected)
    }
}
