import Foundation
import Identity
import Testing

@testable import Authority

@Suite("what a configuration would say to a token")
struct TokenExplanationTests {
    private static let issuers = """
        oidc-issuers:
          https://a.example:
            client-id: sigstore
            type: email
            limits: {subject: {rate: 60/h, burst: 2}}
            tokens: once
            rules:
              mode: MODE
              default: deny
              list: [{id: release, allow: {email: release@example.com}}]
        """
    /// Neither key nor chain nor log is there.
    private static let main = "ca: {chain: ca/chain.pem, key: ca/issuing.key}\nlog: {key: log/log.key, origin: o}\n"

    private func explain(
        email: String = "release@example.com",
        exp: Int = 2000,
        mode: String = "enforce",
        main: String = main,
        identity: Bool = false
    ) throws -> TokenExplanation {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mayfly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = DataDirectory(path: folder.path)
        let issuers = Self.issuers.replacing("MODE", with: mode)
        try FileSystem.create(
            directory.configuration,
            Array((identity ? main : main + issuers).utf8),
            isPrivate: false
        )
        let other = directory.resolve("issuers.yaml")
        try FileSystem.create(other, Array(issuers.utf8), isPrivate: false)
        let claims = """
            {"iss":"https://a.example","aud":"sigstore","exp":\(exp),"sub":"s","email":"\(email)","email_verified":true}
            """
        let parts = [#"{"alg":"ES256"}"#, claims, "signature"].map { part in
            Data(part.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        return try TokenExplanation(
            of: IDToken(Array(parts.joined(separator: ".").utf8)),
            by: directory,
            files: ConfigurationFiles(identity: identity ? other : nil),
            nowSeconds: 1000
        )
    }

    @Test func aTokenThatARuleAllowsIsNotRefused() throws {
        let explanation = try explain()
        #expect(explanation.refusal == nil)
        #expect(explanation.rules?.rule?.text == "release")
        #expect(explanation.limits?.subject?.description == "1/m, burst 2" && explanation.limits?.issuer == nil)
        #expect(explanation.tokenUses == .limited(to: 1))
        #expect(explanation.issuersFile.hasSuffix("/mayfly.yaml"))
    }

    @Test func aDeniedTokenIsRefusedWithTheRule() throws {
        let refusal = try #require(try explain(email: "other@example.com").refusal)
        #expect(refusal.reason == .ruleDenied && refusal.facts.map(\.value) == ["default"])
    }

    @Test func anExpiredTokenIsJudgedByTheRulesToo() throws {
        let explanation = try explain(email: "other@example.com", exp: 990)
        #expect(explanation.refusal == .identity(.expired(secondsAgo: 10)))
        #expect(explanation.rules?.refusal == .denied(rule: nil))
    }

    @Test func inReportModeNothingIsRefused() throws {
        let explanation = try explain(email: "other@example.com", mode: "report")
        #expect(explanation.refusal == nil && explanation.rules?.decision == .deny)
    }

    @Test func theIssuersFileIsNamed() throws {
        let explanation = try explain(identity: true)
        #expect(explanation.refusal == nil && explanation.issuersFile.hasSuffix("/issuers.yaml"))
    }

    @Test func aBadConfigurationIsAnErrorAndNoVerdict() throws {
        #expect(throws: AuthorityError.self) { try explain(main: "") }
    }
}
