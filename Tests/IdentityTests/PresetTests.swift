import Certificates
import Settings
import Testing
import Wire

@testable import Identity

/// A provider's token as its documentation or its source shows it, and what the certificate says.
struct PresetCase: Sendable, CustomTestStringConvertible {
    let preset: String
    let base: String
    let issuer: String
    let claims: String
    let name: SubjectAlternativeName
    let extensions: [Int: String]
    var further = ""
    var testDescription: String { preset }
}

@Suite("Presets: providers that people run themselves")
struct PresetTests {
    private static func settings(_ entry: String) throws -> IdentitySettings {
        let sections = try SettingsNode.parse("oidc-issuers:\n  \(entry)\n").object(known: [
            "oidc-issuers", "ci-issuer-metadata",
        ])
        return try IdentitySettings(sections: sections, unknownKeys: .refused)
    }

    @Test("issuer, name and extensions", arguments: PresetCase.all)
    func presetKnowsItsProvider(test: PresetCase) throws {
        let settings = try Self.settings(
            "mine: {preset: \(test.preset), base-url: \"\(test.base)\", client-id: c\(test.further)}"
        )
        let issuer = IssuerURL(test.issuer)
        let entry = try #require(settings.settings(for: issuer)?.entries.first)
        #expect(settings.warnings.isEmpty && entry.audiences == ["c"])
        let claims = try Claims(try JSON.parse(Array(test.claims.utf8)))
        let named = try #require(entry.type).identity(claims, entry, issuer)
        #expect(named.san == test.name)
        let texts = Dictionary(uniqueKeysWithValues: named.extensions.ordered.map { (Int($0.id.rawValue), $0.text) })
        #expect(texts.filter { ![1, 8, 24].contains($0.key) } == test.extensions)
    }

    @Test("every preset has a case")
    func everyPresetHasACase() {
        let error = #expect(throws: SettingsError.self) {
            try Self.settings("mine: {preset: other, base-url: \"https://a.example\"}")
        }
        let names = Set(PresetCase.all.map(\.preset)).sorted().joined(separator: ", ")
        #expect(error == .invalid(path: "oidc-issuers.mine.preset", line: 2, rule: "must be one of \(names)"))
    }

    @Test("explicit keys and a URL as the entry's key win; Azure's audience is known")
    func explicitKeysWin() throws {
        let own = try Self.settings(
            "\"https://id.example/\": {preset: entra-id, base-url: \"https://a.example\", skip-email-verification: false, client-id: c}"
        )
        let entry = try #require(own.settings(for: IssuerURL("https://id.example/"))?.entries.first)
        #expect(!entry.skipEmailVerification && entry.type == .email)
        let azure = try Self.settings("mine: {preset: azure-devops, base-url: \"https://vstoken.dev.azure.com/0ca3\"}")
        #expect(
            azure.settings(for: IssuerURL("https://vstoken.dev.azure.com/0ca3"))?.entries.first?.audiences
                == ["api://AzureADTokenExchange"]
        )
    }

    @Test("a Jenkins names its own jobs only")
    func jenkinsNamesItsOwnJobs() throws {
        let issuer = IssuerURL("https://ci.example/jenkins/oidc")
        let entry = try #require(
            try Self.settings("j: {preset: jenkins, base-url: \"https://ci.example/jenkins\", client-id: c}").settings(
                for: issuer
            )?.entries.first
        )
        for subject in [
            "https://ci.example/other/job/x/", "https://github.com/a/b", "https://ci.example.evil/jenkins/", "x",
        ] {
            let claims = try Claims(try JSON.parse(Array(#"{"sub":"\#(subject)","build_number":1}"#.utf8)))
            #expect(throws: IdentityError.templateFailed("the subject alternative name")) {
                try CIProviderIdentity.name(claims, entry, issuer)
            }
        }
    }

    @Test("no claim replaces the base URL")
    func claimDoesNotReplaceTheBase() throws {
        let issuer = IssuerURL("https://git.example/api/actions")
        let entry = try #require(
            try Self.settings("f: {preset: forgejo, base-url: \"https://git.example\", client-id: c}").settings(
                for: issuer
            )?.entries.first
        )
        let claims = try Claims(
            try JSON.parse(Array((PresetCase.forgejo.dropLast() + #","url":"https://evil.example","BASE":"x"}"#).utf8))
        )
        #expect(try CIProviderIdentity.name(claims, entry, issuer).san.text.hasPrefix("https://git.example/"))
    }

    @Test(
        "unsuitable entries are refused",
        arguments: [
            ("mine: {preset: gitlab}", "base-url: this key is missing"),
            ("mine: {preset: gitlab, base-url: gitlab.example}", "must be a URL"),
            ("mine: {preset: gitlab, base-url: \"https://a.example/{{.x}}\"}", "must be a URL"),
            ("mine: {preset: gitlab, base-url: \"ftp://a.example\"}", "must be a URL"),
            ("mine: {preset: spire, base-url: \"https://a.example\"}", "must have SPIFFETrustDomain set"),
            ("a: {preset: dex, base-url: \"https://a.example\"}\n  https://a.example: {type: email}", "stands at"),
        ]
    )
    func unsuitableEntryIsRefused(entry: String, problem: String) {
        let error = #expect(throws: SettingsError.self) { try Self.settings(entry) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(problem), "\(error.map { "\($0)" } ?? "")")
    }

    @Test("in a Fulcio configuration `preset` is read over, as every key that Fulcio doesn't know")
    func fulcioKnowsNoPresets() throws {
        let settings = try IdentitySettings.parse(
            "oidc-issuers: {\"https://a.example\": {type: email, preset: gitlab}}"
        )
        #expect(settings.settings(for: IssuerURL("https://a.example"))?.entries.first?.type == .email)
    }
}
