import Certificates
import Fetching
import Keys
import SignatureTestKit
import TestKit
import Testing
import Verification
import Wire

@testable import Signing

@Suite("A signature with a key of its own, verified before anybody gets it")
struct SignerTests {
    private let artifact = ArtifactDigests(of: TestStack.artifact)

    @Test("an artifact: three requests, as clients send them, and a bundle that verifies")
    func artifactIsSigned() async throws {
        let services = try TestServices()
        let steps = Recorder()
        let bundle = try await services.signer().sign(artifact: artifact) { steps.add($0) }
        #expect(
            services.requests.map(\.url) == [
                "https://sign.example.com/api/v2/signingCert", "https://sign.example.com/api/v1/timestamp",
                "https://sign.example.com/api/v2/log/entries",
            ]
        )
        let headers = services.requests.map { request in request.headers.map { "\($0.name): \($0.value)" } }
        let token = String(decoding: TestServices.token, as: UTF8.self)
        #expect(headers[0] == ["Authorization: Bearer \(token)", "Content-Type: application/json"])
        #expect(headers[1] == ["Content-Type: application/timestamp-query"])
        #expect(headers[2] == ["Content-Type: application/json"])
        #expect(services.requests.allSatisfy { !$0.policy.allowsHTTP })
        // Nobody but the CA gets the token.
        for request in services.requests.dropFirst() {
            #expect(request.body.firstRange(of: TestServices.token) == nil)
        }
        let verified = try Verifier(root: services.root, policy: try TestStack.policy).verify(bundle, of: artifact)
        #expect(verified.times.map(\.source) == [.authority])
        #expect(
            steps.all == [
                .certificate(name: TestStack.name, issuer: TestStack.issuer),
                .timestamp(url: "https://sign.example.com/api/v1/timestamp"),
                .entry(url: "https://sign.example.com", index: 1), .verified,
            ]
        )
    }

    @Test("a statement is signed byte by byte as it is, and recorded by what its envelope signs")
    func statementIsSigned() async throws {
        let services = try TestServices()
        let statement = TestStack.statement()
        let bundle = try await services.signer().sign(statement: statement)
        guard case .envelope(let envelope) = bundle.content else { throw SigningError.otherKey }
        #expect(envelope.payload == statement)
        let verified = try Verifier(root: services.root, policy: try TestStack.policy).verify(bundle, of: artifact)
        #expect(verified.statement?.predicateType == TestStack.predicateType)
    }

    @Test("what isn't a statement, or has no digest to be known by, is not signed, and nobody is asked")
    func otherStatements() async throws {
        for (statement, problem) in [
            (Array("{}".utf8), StatementProblem.malformed),
            (TestStack.statement(digests: [("gitCommit", "00")]), .subjectMismatch),
        ] {
            let services = try TestServices()
            await #expect(throws: SigningError.statement(problem)) {
                try await services.signer().sign(statement: statement)
            }
            #expect(services.requests.isEmpty)
        }
    }

    @Test("two signatures are by two keys")
    func keysAreNew() async throws {
        let services = try TestServices()
        let first = try await services.signer().sign(artifact: artifact)
        let second = try await services.signer().sign(artifact: artifact)
        guard case .certificate(let one) = first.signer, case .certificate(let other) = second.signer else {
            throw SigningError.otherKey
        }
        #expect(one.subjectPublicKeyInfo != other.subjectPublicKeyInfo)
    }

    @Test(
        "a service that refuses is told by its name and its own words, and ends it",
        arguments: [
            ("/api/v2/signingCert", SigningService.authority, 1), ("/api/v1/timestamp", .timestamps, 2),
            ("/api/v2/log/entries", .log, 3),
        ] as [(String, SigningService, Int)]
    )
    func refusals(path: String, service: SigningService, requests: Int) async throws {
        let services = try TestServices(overrides: [
            path: { _ in TestServices.json(409, .object([("message", .string("not you"))])) }
        ])
        await #expect(throws: SigningError.refused(service, status: 409, message: "not you")) {
            try await services.signer().sign(artifact: artifact)
        }
        #expect(services.requests.count == requests)
        let dead = try TestServices(overrides: [path: { _ throws(FetchError) in throw .connectionFailed }])
        let url = TestServices.url + path
        await #expect(throws: SigningError.unreachable(service, url: url, .connectionFailed)) {
            try await dead.signer().sign(artifact: artifact)
        }
    }

    @Test("answers that can't be read, certificates of other keys, and timestamps and entries of something else")
    func wrongAnswers() async throws {
        let empty: @Sendable (FetchRequest) -> FetchResponse = { _ in TestServices.json(200, .object([])) }
        let stranger = try TestStack()
        let certificate = try stranger.certificate()
        let foreign = try TestTimestampAuthority(TestTimestampAuthority.Options(around: TestStack.seconds))
        let services = try TestServices()
        let other = try services.authority.timestamp(of: [1], atSeconds: TestStack.seconds)
        let cases: [(String, @Sendable (FetchRequest) throws(FetchError) -> FetchResponse, SigningError)] = [
            ("/api/v2/signingCert", empty, .answerUnreadable(.authority)),
            ("/api/v2/log/entries", empty, .answerUnreadable(.log)),
            ("/api/v1/timestamp", empty, .verification(.time(.malformed))),
            (
                "/api/v2/signingCert",
                { _ in TestServices.json(200, TestServices.chain([certificate])) }, .otherKey
            ),
            (
                "/api/v1/timestamp",
                { _ in FetchResponse(status: 200, headers: [:], body: other) },
                .verification(.time(.imprintMismatch))
            ),
        ]
        for (path, answer, error) in cases {
            let services = try TestServices(overrides: [path: answer])
            await #expect(throws: error) { try await services.signer().sign(artifact: artifact) }
        }
        let strange = try TestServices(overrides: [
            "/api/v1/timestamp": { request in
                let digest = Array(request.body.suffix(32))
                let answer = try? foreign.answer(digest: digest, by: .sha256, atSeconds: TestStack.seconds)
                return FetchResponse(status: 200, headers: [:], body: answer ?? [])
            }
        ])
        let error = await #expect(throws: SigningError.self) {
            try await strange.signer().sign(artifact: artifact)
        }
        guard case .verification(.time(.authorityUnknown)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("services and trusted root that don't belong together: nothing comes of it")
    func otherRoot() async throws {
        let services = try TestServices()
        await #expect(throws: SigningError.verification(.log(.logUnknown))) {
            try await services.signer(root: try TestServices().root).sign(artifact: artifact)
        }
    }

    @Test("the token prints as nothing, and is checked before it becomes a header")
    func tokens() throws {
        let token = try IdentityToken(TestServices.token)
        #expect("\(token) \(String(reflecting: token))" == "<redacted> <redacted>")
        #expect(token.challenge == "jane@example.com")
        let payload = Base64.encodeURL(Array(#"{"sub":"s"}"#.utf8))
        #expect(try IdentityToken(Array("a.\(payload).b".utf8)).challenge == "s")
        for text in ["", "a.b", "a.\(payload).b\r\nX: y", "a.\(payload).b c", "a.e30.b", "a.\(payload).b.c"] {
            #expect(throws: SigningError.tokenUnreadable) { try IdentityToken(Array(text.utf8)) }
        }
    }
}
