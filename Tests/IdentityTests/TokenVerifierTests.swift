import Fetching
import Keys
import TestKit
import Testing
import Wire

@testable import Identity

@Suite("OIDC-20…37: what makes a token good")
struct TokenVerifierTests {
    @Test func aGoodTokenNamesItsBearer() async throws {
        let test = try TestVerifier()
        let identity = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
        #expect(identity.san == .email("alice@example.com"))
        #expect(identity.challenge == Array("alice@example.com".utf8))
        #expect(identity.subject == "alice-id")
        #expect(identity.extensions[.issuer] == TestVerifier.url)
        #expect(identity.extensions[.issuerV2] == TestVerifier.url)
        #expect(identity.extensions[.tokenSubject] == "alice-id")
        #expect(identity.keyID == "ec")
    }

    @Test("OIDC-32: no leeway after exp", arguments: [(Int64(0), true), (Int64(-1), false), (Int64(-3600), false)])
    func expiredTokenIsRefused(seconds: Int64, isGood: Bool) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(exp: "\(TestVerifier.now + seconds)"))
        let error = await refusal { () throws(IdentityError) in try await test.identity(token) }
        #expect(error == (isGood ? nil : .expired(secondsAgo: -seconds)))
    }

    @Test("OIDC-32: exp must be a date", arguments: ["null", #""1800000300""#, "[1800000300]", "1e300", "true"])
    func expiryThatIsNoDateIsRefused(exp: String) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(exp: exp))
        let error = await refusal { () throws(IdentityError) in try await test.identity(token) }
        #expect(error == (exp == "null" ? .claimMissing("exp") : .claimInvalid("exp")))
    }

    @Test(
        "OIDC-33: nbf up to five minutes ahead",
        arguments: [
            (Int64(300), nil), (Int64(301), IdentityError.notYetValid(seconds: 301)),
        ]
    )
    func notBeforeHasFiveMinutes(seconds: Int64, expected: IdentityError?) async throws {
        let test = try TestVerifier()
        let claims = TestVerifier.claims(further: #","nbf":\#(TestVerifier.now + seconds)"#)
        let token = try test.issuer.token(claims: claims)
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == expected)
    }

    @Test(
        "OIDC-31: aud",
        arguments: [
            (#""sigstore""#, nil), (#"["other","sigstore"]"#, nil),
            (#""other""#, IdentityError.audienceMismatch(expected: ["sigstore"])),
            ("[]", .audienceMismatch(expected: ["sigstore"])), ("null", .audienceMismatch(expected: ["sigstore"])),
            (#"["sigstore",5]"#, .claimInvalid("aud")), (#""sigstore2""#, .audienceMismatch(expected: ["sigstore"])),
        ]
    )
    func audienceMustBeOurs(aud: String, expected: IdentityError?) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(aud: aud))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == expected)
    }

    @Test(
        "OIDC-24: an issuer must be configured, byte by byte",
        arguments: [
            "https://issuer.example/", "HTTPS://issuer.example", "https://other.example", "issuer.example",
        ]
    )
    func unknownIssuerIsRefused(iss: String) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(iss: iss))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .issuerUnknown)
        #expect(test.issuer.requests == 0)
    }

    @Test(
        "OIDC-35: none and HMAC never, other algorithms only when announced",
        arguments: [
            "none", "HS256", "HS512", "ES256K", "RS384", "PS256",
        ]
    )
    func unannouncedAlgorithmIsRefused(name: String) async throws {
        let test = try TestVerifier()
        let header = #"{"alg":"\#(name)","kid":"ec"}"#
        let token = try test.issuer.token(claims: TestVerifier.claims(), header: header)
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .algorithmRefused)
    }

    @Test("OIDC-35: an issuer that announces nothing has RS256")
    func silenceMeansRS256() async throws {
        let key = TestIssuer.Key(id: "rsa", algorithm: "RS256", signingKey: try SigningKey.generate(.rsa(bits: 2048)))
        let test = try TestVerifier(issuer: TestIssuer(url: TestVerifier.url, keys: [key], algorithms: nil))
        let identity = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
        #expect(identity.keyID == "rsa")
    }

    @Test("every kind of key", arguments: [("EdDSA", KeyAlgorithm.ed25519), ("ES384", .p384), ("ES512", .p521)])
    func eachAlgorithmVerifies(name: String, algorithm: KeyAlgorithm) async throws {
        let key = TestIssuer.Key(id: "k", algorithm: name, signingKey: try SigningKey.generate(algorithm))
        let test = try TestVerifier(issuer: TestIssuer(url: TestVerifier.url, keys: [key], algorithms: [name]))
        _ = try await test.identity(try test.issuer.token(claims: TestVerifier.claims()))
    }

    @Test(
        "OIDC-36: a stranger's key verifies nothing, whatever the header says",
        arguments: [
            #"{"alg":"ES256","kid":"ec"}"#, #"{"alg":"ES256"}"#,
            #"{"alg":"ES256","jku":"https://evil.example/keys"}"#, #"{"alg":"ES256","jwk":{"kty":"EC"}}"#,
            #"{"alg":"ES256","x5u":"https://evil.example/c"}"#,
        ]
    )
    func strangersSignatureIsRefused(header: String) async throws {
        let test = try TestVerifier()
        let stranger = TestIssuer.Key(id: "ec", algorithm: "ES256", signingKey: try SigningKey.generate(.p256))
        let token = try test.issuer.token(claims: TestVerifier.claims(), header: header, key: stranger)
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .signatureInvalid)
    }

    @Test(
        "an iss of more than 2,048 bytes is no issuer",
        arguments: [(2048, IdentityError.issuerUnknown), (2049, .malformed)]
    )
    func longIssuerIsMalformed(length: Int, expected: IdentityError) async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(iss: String(repeating: "a", count: length)))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == expected)
    }

    @Test("OIDC-25, OIDC-31: among an issuer's entries the one that the token names accepts it")
    func audienceChoosesTheEntry() async throws {
        let issuer = try TestIssuer(url: TestVerifier.url)
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              \(issuer.url):
                - {client-id: [people, staff], type: email}
                - {client-id: services, type: uri, subject-domain: "https://issuer.example"}
                - {client-id: later, type: future, challenge-claim: sub}
            """
        )
        let verifier = TokenVerifier(settings: settings, now: { 0 }) { request throws(FetchError) in
            try issuer.fetch(request)
        }
        func identity(_ aud: String) async throws(IdentityError) -> VerifiedIdentity {
            let claims = TestVerifier.claims(aud: aud, sub: #""https://issuer.example/a""#)
            guard let token = try? issuer.token(claims: claims) else { throw .malformed }
            return try verifier.verify(try await verifier.prepare(IDToken(token)), now: TestVerifier.now)
        }
        #expect(try await identity(#""staff""#).entry.index == 0)
        #expect(try await identity(#"["x","services"]"#).san == .uri("https://issuer.example/a"))
        for (aud, expected) in [
            (#"["staff","services"]"#, IdentityError.audienceAmbiguous), (#""later""#, .issuerUnknown),
            (#""sigstore""#, .audienceMismatch(expected: ["people", "staff", "services", "later"])),
        ] {
            #expect(await refusal { () throws(IdentityError) in try await identity(aud) } == expected)
        }
    }

    @Test("RFC 7519 §2: issuer and audience are compared byte by byte, not as Unicode sees them")
    func lookalikesAreOthers() async throws {
        let kelvin = "\u{212A}"
        #expect(kelvin == "K", "to Swift they are one")
        #expect(IssuerURL("https://\(kelvin).example") != IssuerURL("https://K.example"))
        let test = try TestVerifier()
        let settings = try IdentitySettings.parse("oidc-issuers: {\"\(test.issuer.url)\": {client-id: K, type: email}}")
        let verifier = test.verifier.reconfigured(settings)
        let token = try test.issuer.token(claims: TestVerifier.claims(aud: "\"\(kelvin)\""))
        let prepared = try await verifier.prepare(IDToken(token))
        #expect(throws: IdentityError.audienceMismatch(expected: ["K"])) {
            try verifier.verify(prepared, now: TestVerifier.now)
        }
    }

    @Test("RFC 7515 §4.1.11: crit is refused, for no extension is understood")
    func criticalHeaderIsRefused() async throws {
        let test = try TestVerifier()
        let header = #"{"alg":"ES256","kid":"ec","crit":["exp"],"exp":1}"#
        let token = try test.issuer.token(claims: TestVerifier.claims(), header: header)
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .malformed)
    }

    @Test("duplicate members are refused, not guessed at")
    func duplicateMemberIsRefused() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims(further: #","email":"mallory@example.com""#))
        #expect(await refusal { () throws(IdentityError) in try await test.identity(token) } == .malformed)
        let other = try test.issuer.token(claims: TestVerifier.claims(further: #","Email":"mallory@example.com""#))
        #expect(
            await refusal { () throws(IdentityError) in try await test.identity(other) } == .claimAmbiguous("email")
        )
    }

    @Test("OIDC-20: exactly two dots", arguments: ["", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "\u{0}.\u{0}.\u{0}"])
    func misshapenTokenIsRefused(text: String) async throws {
        let test = try TestVerifier()
        let error = await refusal { () throws(IdentityError) in try await test.identity(Array(text.utf8)) }
        #expect(error == .malformed)
    }

    @Test("GHSA-f83f-xpx7-ffpw: a million dots cost nothing")
    func manyDotsAreRefused() async throws {
        let test = try TestVerifier()
        let dots = [UInt8](repeating: UInt8(ascii: "."), count: 1_000_000)
        #expect(await refusal { () throws(IdentityError) in try await test.identity(dots) } == .malformed)
    }

    @Test("any changed byte is refused, and nothing traps")
    func changedTokensAreRefused() async throws {
        let test = try TestVerifier()
        let token = try test.issuer.token(claims: TestVerifier.claims())
        var generator = SystemRandomNumberGenerator()
        for position in token.indices {
            var changed = token
            changed[position] = UInt8.random(in: .min ... .max, using: &generator)
            guard changed != token else { continue }
            let error = await refusal { () throws(IdentityError) in try await test.identity(changed) }
            #expect(error != nil, "a change at \(position) went unnoticed")
        }
    }

    @Test func redactionHoldsInEveryForm() {
        let token = IDToken(Array("secret.secret.secret".utf8))
        #expect("\(token)" == "<redacted>")
        #expect(String(reflecting: token) == "<redacted>")
    }
}
