import Fetching
import Keys
import Synchronization
import TestKit
import Testing
import Wire

@testable import Identity

@Suite("OIDC-40…44: fetching keys")
struct KeyRotationTests {
    private func key(_ id: String) throws -> TestIssuer.Key {
        TestIssuer.Key(id: id, algorithm: "ES256", signingKey: try SigningKey.generate(.p256))
    }

    @Test("a warm cache asks nothing")
    func keysAreFetchedOnce() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims())
        for _ in 0..<20 { _ = try await test.identity(token) }
        #expect(test.issuer.requests == 2)
    }

    @Test("a new key is found, by its name or without one", arguments: [true, false])
    func newKeyIsFound(named: Bool) async throws {
        let test = try TestVerifier()
        _ = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
        test.issuer.rotate(to: [try key(named ? "new" : "ec")])
        _ = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
    }

    @Test("new keys of a fetch that began before the rotation are not the last word")
    func staleRenewalIsFollowedByAnother() async throws {
        let test = try TestVerifier()
        let rotated = try key("new")
        let token = try test.issuer.token(claims: TestVerifier.claims(), key: rotated)
        let prepared = try await test.verifier.prepare(IDToken(token))
        // Somebody else's renewal gets the old keys once more.
        #expect(await test.verifier.renew(prepared) != nil)
        test.issuer.rotate(to: [rotated])
        let stale = try #require(await test.verifier.renew(prepared))
        #expect(await refusal { () throws(IdentityError) in try test.verifier.verify(stale, now: 0) } == .keyUnknown)
        let fresh = try #require(await test.verifier.renew(stale))
        _ = try test.verifier.verify(fresh, now: TestVerifier.now)
        #expect(await test.verifier.renew(fresh) == nil, "its own fetch is the last word")
    }

    @Test("OIDC-43 [Q]: a key that the issuer took away stops being trusted")
    func removedKeyIsForgotten() async throws {
        let now = Mutex<Int64>(0)
        let test = try TestVerifier(clock: { now.withLock { $0 } })
        let old = try test.issuer.token(claims: TestVerifier.claims())
        _ = try await test.identity(old)
        test.issuer.rotate(to: [try key("new")])
        now.withLock { $0 = 301 }
        #expect(await refusal { () throws(IdentityError) in try await test.identity(old) } == .keyUnknown)
    }

    @Test("keys outlive a dead issuer for max-stale, and no longer")
    func staleKeysServeWhileTheIssuerIsDown() async throws {
        let now = Mutex<Int64>(0)
        let test = try TestVerifier(further: "max-stale: 10m", clock: { now.withLock { $0 } })
        let token = try test.issuer.token(claims: TestVerifier.claims())
        _ = try await test.identity(token)
        test.issuer.setDown(true)
        now.withLock { $0 = 599 }
        _ = try await test.identity(token)
        now.withLock { $0 = 601 }
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .issuerUnreachable)
    }

    @Test("single flight: a hundred callers, one fetch")
    func concurrentCallersShareAFetch() async throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let gate = AsyncStream.makeStream(of: Void.self)
        let settings = try IdentitySettings.parse(
            "oidc-issuers: {\"\(issuer.url)\": {issuer-url: \"\(issuer.url)\", client-id: sigstore, type: email}}"
        )
        let verifier = TokenVerifier(settings: settings, now: { 0 }) { request throws(FetchError) in
            for await _ in gate.stream { break }
            return try issuer.fetch(request)
        }
        let token = IDToken(try issuer.token(claims: TestVerifier.claims()))
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { (try? await verifier.prepare(token)) != nil } }
            gate.continuation.finish()
            for await isPrepared in group { #expect(isPrepared) }
        }
        #expect(issuer.requests == 2)
    }

    @Test(
        "unusable keys don't spoil the set",
        arguments: [
            #"{"kty":"AKP","alg":"ML-DSA-65","pub":"AAAA"}"#, #"{"kty":"oct","k":"AAAA"}"#,
            #"{"kty":"EC","crv":"P-999","x":"AA","y":"AA"}"#, #"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#,
            #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "{}", "5", "null", #"{"kty":5}"#,
        ]
    )
    func unusableKeyIsLeftOut(item: String) throws {
        let good = #"{"kty":"OKP","crv":"Ed25519","kid":"ok","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        let set = try JSONWebKeySet(json: Array("{\"keys\":[\(item),\(good)]}".utf8))
        #expect(set.keys.map(\.id) == ["ok"])
    }

    @Test("RFC 8037 A.4: an EdDSA signature from outside verifies")
    func outsideSignatureVerifies() throws {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        let set = try JSONWebKeySet(
            json: Array("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(x)\"}]}".utf8)
        )
        let signature = try Base64.decodeURL(
            Array("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg".utf8)
        )
        let message = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
        let key = try #require(set.candidates(keyID: nil, algorithm: .edDSA).first)
        try key.publicKey.verify(signature, over: message, with: .ed25519)
    }

    @Test("discovery must name the issuer exactly (OIDC-40)")
    func otherNameInDiscoveryIsRefused() async throws {
        let other = try TestIssuer(url: "https://issuer.example/")
        let test = try TestVerifier()
        let verifier = TokenVerifier(
            settings: try IdentitySettings.parse(
                "oidc-issuers: {\"\(TestVerifier.url)\": {client-id: sigstore, type: email}}"
            ),
            now: { 0 }
        ) { request throws(FetchError) in
            let response = try test.issuer.fetch(request)
            let body = String(decoding: response.body, as: UTF8.self)
                .replacing("\"issuer\":\"\(TestVerifier.url)\"", with: "\"issuer\":\"\(other.url)\"")
            return FetchResponse(status: response.status, headers: [:], body: Array(body.utf8))
        }
        let token = IDToken(try test.issuer.token(claims: TestVerifier.claims()))
        #expect(await refusal { () throws(IdentityError) in try await verifier.prepare(token) } == .issuerUnreachable)
    }
}
