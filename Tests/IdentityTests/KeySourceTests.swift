import Fetching
import Keys
import Settings
import Synchronization
import TestKit
import Testing

@testable import Identity

/// Files that the test writes.
private final class Files: Sendable {
    private let files: Mutex<[String: [UInt8]]>

    init(_ files: [String: [UInt8]]) { self.files = Mutex(files) }

    subscript(path: String) -> [UInt8]? {
        get { files.withLock { $0[path] } }
        set { files.withLock { $0[path] = newValue } }
    }

    var read: FileReading { { self[$0] } }
}

/// What was asked of the network, answered by issuers.
private final class Network: Sendable {
    private let issuers: [TestIssuer]
    private let asked = Mutex<[FetchRequest]>([])

    init(_ issuers: TestIssuer...) { self.issuers = issuers }

    var requests: [FetchRequest] { asked.withLock { $0 } }

    func fetch(_ request: FetchRequest) throws(FetchError) -> FetchResponse {
        asked.withLock { $0.append(request) }
        guard let issuer = issuers.first(where: { request.url.hasPrefix($0.url + "/") }) else {
            throw .connectionFailed
        }
        return try issuer.fetch(request)
    }
}

@Suite("OIDC-44…46: where an issuer's keys come from")
struct KeySourceTests {
    private static let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

    private func verifier(
        _ text: String,
        _ files: Files,
        _ network: Network,
        clock: @escaping @Sendable () -> Int64 = { 0 }
    ) throws -> TokenVerifier {
        let settings = try IdentitySettings.parse(text, readFile: files.read)
        return TokenVerifier(settings: settings, now: clock) { request throws(FetchError) in
            try network.fetch(request)
        }
    }

    /// Verifies as the authority does.
    private func accepts(_ verifier: TokenVerifier, _ token: [UInt8]) async -> Bool {
        guard var prepared = try? await verifier.prepare(IDToken(token)) else { return false }
        while true {
            if (try? verifier.verify(prepared, now: TestVerifier.now)) != nil { return true }
            guard let renewed = await verifier.renew(prepared) else { return false }
            prepared = renewed
        }
    }

    private func jwks(of issuer: TestIssuer) throws -> [UInt8] {
        try issuer.fetch(FetchRequest(url: issuer.url + "/keys")).body
    }

    @Test("a key set in a file: nothing is fetched, and a new file is seen")
    func fileReplacesTheNetwork() async throws {
        let now = Mutex<Int64>(0)
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files(["keys.json": try jwks(of: issuer)])
        let network = Network(issuer)
        let verifier = try verifier(
            "oidc-issuers: {\"\(issuer.url)\": {client-id: sigstore, type: email, jwks-file: keys.json}}",
            files,
            network,
            clock: { now.withLock { $0 } }
        )
        let old = try issuer.token(claims: TestVerifier.claims())
        #expect(await accepts(verifier, old))
        let key = TestIssuer.Key(id: "new", algorithm: "PS512", signingKey: try SigningKey.generate(.rsa(bits: 2048)))
        issuer.rotate(to: [key])
        files["keys.json"] = try jwks(of: issuer)
        #expect(await accepts(verifier, old), "the old keys are good for five seconds")
        now.withLock { $0 = 5 }
        #expect(await !accepts(verifier, old))
        let header = #"{"alg":"RS256","kid":"new"}"#
        #expect(await !accepts(verifier, try issuer.token(claims: TestVerifier.claims(), header: header)))
        #expect(network.requests.isEmpty)
    }

    @Test("a key that came into the file is found at once")
    func newKeyInTheFileIsFound() async throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files(["keys.json": try jwks(of: issuer)])
        let verifier = try verifier(
            "oidc-issuers: {\"\(issuer.url)\": {client-id: sigstore, type: email, jwks-file: keys.json}}",
            files,
            Network()
        )
        #expect(await accepts(verifier, try issuer.token(claims: TestVerifier.claims())))
        let key = TestIssuer.Key(id: "new", algorithm: "EdDSA", signingKey: try SigningKey.generate(.ed25519))
        issuer.rotate(to: [key])
        files["keys.json"] = try jwks(of: issuer)
        #expect(await accepts(verifier, try issuer.token(claims: TestVerifier.claims())))
    }

    @Test("a file that vanished or went bad: its keys serve for max-stale", arguments: [nil, "", #"{"keys":[]}"#, "{"])
    func keysOutliveTheirFile(text: String?) async throws {
        let now = Mutex<Int64>(0)
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files(["k": try jwks(of: issuer)])
        let verifier = try verifier(
            "oidc-issuers: {\"\(issuer.url)\": {client-id: sigstore, type: email, jwks-file: k, max-stale: 1h}}",
            files,
            Network(),
            clock: { now.withLock { $0 } }
        )
        let token = try issuer.token(claims: TestVerifier.claims())
        #expect(await accepts(verifier, token))
        files["k"] = text.map { Array($0.utf8) }
        now.withLock { $0 = 3599 }
        #expect(await accepts(verifier, token))
        now.withLock { $0 = 3601 }
        #expect(await !accepts(verifier, token))
    }

    @Test(
        "what can't work is refused at start, with the line",
        arguments: [
            ("jwks-file: missing", "jwks-file: must be the path of a file that can be read"),
            ("jwks-file: bad", "jwks-file: must be the path of a JSON Web Key Set with at least one key"),
            ("jwks-file: none", "jwks-file: must be the path of a JSON Web Key Set with at least one key"),
            ("jwks-file: good, proxy: none", "proxy: can't stand beside jwks-file"),
            ("jwks-file: good, ca-file: ca", "ca-file: can't stand beside jwks-file"),
            ("ca-file: missing", "ca-file: must be the path of a file that can be read"),
            ("ca-file: bad", "ca-file: failed to parse CA certificate"),
            ("ca-file: ca, ca-cert: x", "ca-file: can't stand beside ca-cert"),
            ("proxy: socks5://a.example", "proxy: must be environment, none, or an http or https URL"),
            ("token-file: good", "token-file: only an https issuer of type kubernetes"),
            ("jwks-lifetime: 0s", "jwks-lifetime: must be at least 1s"),
        ]
    )
    func uselessSourceIsRefused(entry: String, rule: String) throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files([
            "good": try jwks(of: issuer), "bad": Array("no".utf8), "none": Array(#"{"keys":[{"kty":"oct"}]}"#.utf8),
            "ca": Array(Self.pem.utf8),
        ])
        do {
            let text = "oidc-issuers: {\"\(issuer.url)\": {client-id: c, type: email, \(entry)}}"
            _ = try IdentitySettings.parse(text, readFile: files.read)
            Issue.record("accepted: \(entry)")
        } catch {
            #expect("\(error)".hasPrefix("line 1: oidc-issuers.\(issuer.url).\(rule)"), "\(error)")
        }
    }

    @Test("the policy of a fetch is what the entry says")
    func policyFollowsTheEntry() async throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files(["ca.pem": Array(Self.pem.utf8)])
        let network = Network(issuer)
        let verifier = try verifier(
            """
            oidc-issuers:
              \(issuer.url): {client-id: sigstore, type: email, ca-file: ca.pem, proxy: "http://proxy.example:3128"}
            """,
            files,
            network
        )
        let renewed = Array((Self.pem + Self.pem).utf8)
        files["ca.pem"] = renewed
        #expect(await accepts(verifier, try issuer.token(claims: TestVerifier.claims())))
        #expect(network.requests.count == 2)
        for request in network.requests {
            #expect(request.policy.authorities == .systemPlus(pem: renewed), "the file is read anew for every fetch")
            #expect(request.policy.proxy == .url("http://proxy.example:3128"))
            #expect(!request.headers.contains { $0.name == "Authorization" })
        }
    }

    private static let cluster = "https://kubernetes.default.svc"
    private static let account = #","kubernetes.io":{"namespace":"build","serviceaccount":{"name":"signer"}}"#

    @Test(
        "OIDC-46: the cluster's own issuer is believed by the cluster's CA alone and sees the pod's token, read anew",
        arguments: [
            "oidc-issuers: {\"\(cluster)\": {client-id: sigstore, type: kubernetes, jwks-lifetime: 1s}}",
            "meta-issuers: {\"https://*.default.svc\": {client-id: sigstore, type: kubernetes, jwks-lifetime: 1s}}",
        ]
    )
    func clusterHasItsRules(text: String) async throws {
        let now = Mutex<Int64>(0)
        let issuer = try TestIssuer(url: Self.cluster)
        let files = Files([:])
        let network = Network(issuer)
        let verifier = try verifier(text, files, network, clock: { now.withLock { $0 } })
        let token = try issuer.token(claims: TestVerifier.claims(iss: Self.cluster, further: Self.account))
        #expect(await !accepts(verifier, token), "without the CA nobody is believed")
        #expect(network.requests.isEmpty)

        files[ClusterFiles.authorities] = Array(Self.pem.utf8)
        for (time, secret) in [(Int64(10), "one"), (20, "two\n")] {
            files[ClusterFiles.token] = Array(secret.utf8)
            now.withLock { $0 = time }
            #expect(await accepts(verifier, token))
        }
        #expect(
            network.requests.map { $0.headers.first { $0.name == "Authorization" }?.value }
                == ["Bearer one", "Bearer one", "Bearer two", "Bearer two"]
        )
        for request in network.requests {
            #expect(request.policy.authorities == .only(pem: Array(Self.pem.utf8)))
            #expect(!request.policy.allowsHTTP && request.policy.proxy == .direct)
        }
        files[ClusterFiles.token] = nil
        now.withLock { $0 = 30 }
        #expect(await accepts(verifier, token), "a cluster may show its documents to all")
        #expect(network.requests.last?.headers.contains { $0.name == "Authorization" } == false)
    }

    @Test("nobody but the cluster's own issuer sees the pod's token, unless the entry names the file")
    func tokenStaysInTheCluster() async throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let files = Files([
            ClusterFiles.authorities: Array(Self.pem.utf8), ClusterFiles.token: Array("secret".utf8),
            "token": Array("other".utf8), "ca": Array("\(Self.pem)\n".utf8),
        ])
        let token = try issuer.token(claims: TestVerifier.claims(further: Self.account))
        for further in ["", ", ca-file: ca, token-file: token"] {
            let network = Network(issuer)
            let verifier = try verifier(
                """
                oidc-issuers:
                  \(Self.cluster): {client-id: sigstore, type: kubernetes}
                  \(issuer.url): {client-id: sigstore, type: kubernetes\(further)}
                """,
                files,
                network
            )
            #expect(await accepts(verifier, token))
            let expected: FetchPolicy.Authorities = further.isEmpty ? .system : .only(pem: files["ca"] ?? [])
            let secret = further.isEmpty ? nil : "Bearer other"
            #expect(network.requests.map(\.policy.authorities) == [expected, expected])
            #expect(network.requests.allSatisfy { $0.headers.first { $0.name == "Authorization" }?.value == secret })
        }
    }

    @Test("OIDC-41: issuers that nobody asks for are never fetched, and dead ones hold up nobody")
    func deadIssuersCostNothing() async throws {
        let good = try TestIssuer(url: TestVerifier.url)
        let dead = (0..<30).map { "\"https://dead-\($0).example\": {client-id: sigstore, type: email}" }
        let network = Network(good)
        let verifier = try verifier(
            "oidc-issuers: {\(dead.joined(separator: ", ")), \"\(good.url)\": {client-id: sigstore, type: email}}",
            Files([:]),
            network
        )
        #expect(network.requests.isEmpty)
        #expect(await accepts(verifier, try good.token(claims: TestVerifier.claims())))
        #expect(network.requests.allSatisfy { $0.url.hasPrefix(good.url) })
        #expect(network.requests.count == 2)
    }
}
