import Certificates
import TestKit
import Testing

@testable import Identity

@Suite("ID-17…19: types of CI providers that are written in code")
struct CIPipelineTests {
    static let gitLab = [
        "project_path": "g/p", "pipeline_source": "push", "pipeline_id": "574",
        "ci_config_ref_uri": "gitlab.com/g/p//.gitlab-ci.yml@refs/heads/main",
        "job_id": "302", "ref": "main", "ref_type": "branch", "namespace_path": "g", "namespace_id": "72",
        "project_id": "20", "sha": "c0ffee",
        "runner_environment": "gitlab-hosted", "ci_config_sha": "beef", "project_visibility": "public",
    ]
    static let codefresh = [
        "account_id": "1", "account_name": "acme", "pipeline_id": "2", "pipeline_name": "oidc/test", "workflow_id": "3",
        "scm_repo_url": "https://github.com/a/b",
        "scm_ref": "main", "runner_environment": "hybrid", "platform_url": "https://codefresh.example",
    ]

    private func identity(_ type: String, _ claims: [String: String], further: String = "") async throws(IdentityError)
        -> VerifiedIdentity
    {
        let text = claims.map { #","\#($0)":"\#($1)""# }.joined()
        guard let test = try? TestVerifier(type: type),
            let token = try? test.issuer.token(claims: TestVerifier.claims(further: text + further))
        else {
            Issue.record("no token")
            throw .malformed
        }
        return try await test.identity(token)
    }

    private func texts(_ identity: VerifiedIdentity) -> [UInt8: String] {
        Dictionary(uniqueKeysWithValues: identity.extensions.ordered.map { ($0.id.rawValue, $0.text) })
    }

    @Test("ID-17: every extension")
    func gitLabFillsItsExtensions() async throws {
        let identity = try await identity("gitlab-pipeline", Self.gitLab, further: #","runner_id":17"#)
        let signer = "https://gitlab.com/g/p//.gitlab-ci.yml@refs/heads/main"
        #expect(identity.san == .uri(signer))
        #expect(
            texts(identity) == [
                1: TestVerifier.url, 8: TestVerifier.url, 9: signer, 10: "beef", 11: "gitlab-hosted",
                12: "https://gitlab.com/g/p", 13: "c0ffee",
                14: "refs/heads/main", 15: "20", 16: "https://gitlab.com/g", 17: "72", 18: signer, 19: "beef",
                20: "push",
                21: "https://gitlab.com/g/p/-/jobs/302", 22: "public", 24: "alice-id",
            ]
        )
    }

    @Test("ID-17: only two claims may be missing", arguments: gitLab.keys.sorted())
    func missingGitLabClaimIsRefused(name: String) async {
        let claims = Self.gitLab.filter { $0.key != name }
        let found = await refusal { () throws(IdentityError) in
            try await identity("gitlab-pipeline", claims, further: #","runner_id":1"#)
        }
        #expect(found == (["ci_config_sha", "project_visibility"].contains(name) ? nil : .claimMissing(name)))
    }

    @Test(
        "ID-17: runner_id is a whole number and not 0",
        arguments: [
            ("1", true), ("-1", true), ("12270840", true), ("0", false), ("17.5", false), ("\"17\"", false),
            ("null", false),
        ]
    )
    func runnerIsANumber(number: String, isGood: Bool) async {
        let found = await refusal { () throws(IdentityError) in
            try await identity("gitlab-pipeline", Self.gitLab, further: #","runner_id":\#(number)"#)
        }
        #expect((found == nil) == isGood)
    }

    @Test("ID-17: a ref is a branch or a tag")
    func refIsABranchOrATag() async throws {
        var claims = Self.gitLab
        claims["ref_type"] = "tag"
        let tag = try await identity("gitlab-pipeline", claims, further: #","runner_id":1"#)
        #expect(tag.extensions[.sourceRepositoryRef] == "refs/tags/main")
        claims["ref_type"] = "other"
        let found = await refusal { () throws(IdentityError) in
            try await identity("gitlab-pipeline", claims, further: #","runner_id":1"#)
        }
        #expect(found == .claimInvalid("ref_type"))
    }

    @Test("ID-18: the pipeline, and nothing else")
    func buildkiteNamesThePipeline() async throws {
        let claims = ["organization_slug": "acme", "pipeline_slug": "app", "build_branch": "main"]
        let identity = try await identity("buildkite-job", claims)
        #expect(identity.san == .uri("https://buildkite.com/acme/app"))
        #expect(texts(identity).keys.sorted() == [1, 8, 24])
        for name in ["organization_slug", "pipeline_slug"] {
            let found = await refusal { () throws(IdentityError) in
                try await self.identity("buildkite-job", claims.filter { $0.key != name })
            }
            #expect(found == .claimMissing(name))
        }
    }

    @Test("ID-19: every extension")
    func codefreshFillsItsExtensions() async throws {
        let identity = try await identity("codefresh-workflow", Self.codefresh)
        #expect(identity.san == .uri("https://codefresh.example/acme/oidc/test:1/2"))
        #expect(
            texts(identity) == [
                1: TestVerifier.url, 8: TestVerifier.url, 9: "https://codefresh.example/build/3", 11: "hybrid",
                12: "https://github.com/a/b", 14: "main",
                18: "https://codefresh.example/api/pipelines/2", 21: "https://codefresh.example/build/3",
                24: "alice-id",
            ]
        )
    }

    @Test("ID-19: three claims must be there, and no name leads elsewhere")
    func codefreshNamesStayInPlace() async throws {
        for name in ["account_id", "pipeline_id", "workflow_id"] {
            let found = await refusal { () throws(IdentityError) in
                try await identity("codefresh-workflow", Self.codefresh.filter { $0.key != name })
            }
            #expect(found == .claimMissing(name))
        }
        let bare = try await identity("codefresh-workflow", Self.codefresh.filter { $0.key.hasSuffix("_id") })
        #expect(bare.san == .uri("https://g.codefresh.io/:1/2"))
        let upwards = Self.codefresh.merging(["account_name": "../other"]) { $1 }
        #expect(await refusal { () throws(IdentityError) in try await identity("codefresh-workflow", upwards) } != nil)
    }
}
