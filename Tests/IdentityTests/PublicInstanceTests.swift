import Foundation
import Testing

@testable import Identity

@Suite("OIDC-3, section 4.4: the public instance's configuration as an example")
struct PublicInstanceTests {
    private let settings: IdentitySettings

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "config/examples/sigstore-public.yaml")
        settings = try IdentitySettings.parse(try String(contentsOf: file, encoding: .utf8))
    }

    @Test("22 issuers, 9 patterns, 6 providers, and no warning")
    func exampleLoads() {
        let rows = settings.publicRows
        #expect(rows.filter { !$0.isPattern }.count == 22 && rows.filter(\.isPattern).count == 9)
        #expect(rows.allSatisfy { $0.audience == "sigstore" } && settings.warnings.isEmpty)
        let types = Dictionary(grouping: rows, by: \.issuerType).mapValues(\.count)
        #expect(types == ["email": 7, "chainguard-identity": 1, "ci-provider": 16, "kubernetes": 7])
    }

    @Test("no issuer of a pattern matches another, with or without a slash behind it")
    func patternsDoNotOverlap() {
        for row in settings.publicRows where row.isPattern {
            let issuer = IssuerURL(row.url.replacing("*", with: "a-1"))
            #expect(settings.settings(for: issuer)?.url == row.url)
        }
    }
}
