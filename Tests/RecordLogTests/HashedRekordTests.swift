import Certificates
import RecordLog
import TestKit
import Testing
import Transparency
import Wire

@testable import Keys

@Suite("Rekor v2: hashedrekord 0.0.2")
struct HashedRekordTests {
    @Test(arguments: KeyDetails.allCases)
    func everyKindOfKeyIsTaken(details: KeyDetails) throws {
        #expect(try TestRequest(details).problem == nil)
    }

    @Test func bodyIsCanonicalAndSaysWhatCame() throws {
        let request = try TestRequest(.p384)
        let body = try HashedRekord(request: request.body).body()
        let key = Base64.encode(request.key.publicKey.subjectPublicKeyInfo)
        let expected =
            #"{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_384","#
            + #""digest":"\#(Base64.encode(request.digest))"},"signature":{"content":"#
            + #""\#(Base64.encode(request.signature))","verifier":{"keyDetails":"PKIX_ECDSA_P384_SHA_384","#
            + #""publicKey":{"rawBytes":"\#(key)"}}}}}}"#
        #expect(String(decoding: body.bytes, as: UTF8.self) == expected)
        #expect(body.leafHash == MerkleTree.leafHash(Array(expected.utf8)))
    }

    @Test func certificateIsTakenAsItCameAndItsKeyVerifies() throws {
        let authority = try TwoTierAuthority()
        var request = try TestRequest(.p256)
        request.verifier = [TestRequest.raw("x509Certificate", authority.root.der)]
        #expect(request.problem == .signatureInvalid)
        let certificate = try Self.selfSigned(request.key)
        request.verifier = [TestRequest.raw("x509Certificate", certificate.der)]
        let body = try HashedRekord(request: request.body).body()
        #expect(String(decoding: body.bytes, as: UTF8.self).contains(Base64.encode(certificate.der)))
    }

    @Test func bothSpellingsNumbersAndEveryBase64AreRead() throws {
        let request = try TestRequest()
        let text = String(decoding: request.body, as: UTF8.self)
        let expected = try HashedRekord(request: request.body)
        let snake = [
            "hashedRekordRequestV002": "hashed_rekord_request_v002", "publicKey": "public_key",
            "rawBytes": "raw_bytes", "keyDetails": "key_details",
        ].reduce(text) { $0.replacing($1.key, with: $1.value) }
        #expect(try HashedRekord(request: Array(snake.utf8)) == expected)
        let number = text.replacing("\"PKIX_ECDSA_P256_SHA_256\"", with: "5")
        #expect(try HashedRekord(request: Array(number.utf8)) == expected)
        let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        #expect(try HashedRekord(request: Array(url.utf8)) == expected)
        let null = text.replacing("\"publicKey\"", with: "\"x509Certificate\":null,\"publicKey\"")
        #expect(try HashedRekord(request: Array(null.utf8)) == expected)
    }

    @Test func everyChangedBitOfDigestSignatureAndKeyIsRefused() throws {
        let request = try TestRequest()
        for position in request.digest.indices {
            var changed = request
            changed.digest[position] ^= 1
            #expect(changed.problem == .signatureInvalid)
        }
        for position in request.signature.indices {
            var changed = request
            changed.signature[position] ^= 1
            #expect(changed.problem == .signatureInvalid)
        }
        let key = request.key.publicKey.subjectPublicKeyInfo
        for position in key.indices {
            var (changed, bytes) = (request, key)
            bytes[position] ^= 1
            changed.verifier = [TestRequest.raw("publicKey", bytes)]
            #expect(changed.problem != nil)
        }
    }

    @Test func digestAndKeyMustFitTheKeyDetails() throws {
        var request = try TestRequest(.p256)
        request.digest.removeLast()
        #expect(request.problem == .digestLength)
        request = try TestRequest(.p384)
        request.details = KeyDetails.p256.rawValue
        #expect(request.problem == .digestLength)
        request.digest = DigestAlgorithm.sha256.digest(TestRequest.artifact)
        #expect(request.problem == .keyMismatch)
        request = try TestRequest(.rsa2048)
        request.details = KeyDetails.rsa4096.rawValue
        #expect(request.problem == .keyMismatch)
    }

    @Test(arguments: [
        "", "PKIX_ED25519", "PKIX_ED25519_PH", "PKIX_ECDSA_P384_SHA_256", "PKIX_RSA_PSS_2048_SHA256",
        "PKIX_RSA_PKCS1V5",
        "pkix_ecdsa_p256_sha_256",
    ])
    func otherKeyDetailsAreRefused(details: String) throws {
        var request = try TestRequest()
        request.details = details
        #expect(request.problem == .keyDetailsUnsupported)
    }

    @Test func exactlyOneVerifierIsNeeded() throws {
        var request = try TestRequest()
        let key = request.verifier
        request.verifier = []
        #expect(request.problem == .verifierAmbiguous)
        request.verifier = key + [TestRequest.raw("x509Certificate", try Self.selfSigned(request.key).der)]
        #expect(request.problem == .verifierAmbiguous)
    }

    @Test func keysAndCertificatesThatCantBeUsedAreRefused() throws {
        var request = try TestRequest()
        let key = request.key.publicKey.subjectPublicKeyInfo
        request.verifier = [TestRequest.raw("publicKey", key + [0])]
        #expect(request.problem == .keyUnparsable)
        request.verifier = [TestRequest.raw("x509Certificate", key)]
        #expect(request.problem == .certificateUnparsable)
        request.verifier = [TestRequest.raw("x509Certificate", try Self.selfSigned(request.key).der + [0])]
        #expect(request.problem == .certificateUnparsable)
        request.verifier = [
            TestRequest.raw("publicKey", try SigningKey.generate(.ed25519).publicKey.subjectPublicKeyInfo)
        ]
        #expect(request.problem == .keyMismatch)
    }

    @Test(
        arguments: [
            ("", "the body must be one JSON object"), ("[]", "the body must be one JSON object"),
            ("{}{}", "the body must be one JSON object"), ("{", "the body must be one JSON object"),
            ("{}", "invalid type, must be hashedrekord"),
            (#"{"dsseRequestV002":{}}"#, "invalid type, must be hashedrekord"),
            (#"{"hashedRekordRequestV002":null}"#, "invalid type, must be hashedrekord"),
            (#"{"hashedRekordRequestV001":{}}"#, "unknown field"),
            (
                #"{"hashedRekordRequestV002":{"digest":"AA==","more":1}}"#,
                "unknown field in hashedRekordRequestV002"
            ),
            (#"{"hashedRekordRequestV002":1}"#, "hashedRekordRequestV002: not an object"),
            (
                #"{"hashedRekordRequestV002":{},"hashed_rekord_request_v002":{}}"#,
                "hashedRekordRequestV002: it stands there twice, in two spellings"
            ),
            (#"{"hashedRekordRequestV002":{}}"#, "hashedRekordRequestV002.signature: it is missing"),
        ]
    )
    func otherBodiesAreRefused(text: String, problem: String) {
        #expect(TestRequest.problem(Array(text.utf8))?.description == problem)
    }

    @Test(arguments: ["digest", "content", "rawBytes"])
    func missingEmptyAndMalformedFieldsAreNamed(field: String) throws {
        let text = String(decoding: try TestRequest().body, as: UTF8.self)
        let value = try Regex("\"\(field)\":\"[^\"]*\"")
        let paths = [
            "digest": "hashedRekordRequestV002.digest", "content": "hashedRekordRequestV002.signature.content",
            "rawBytes": "hashedRekordRequestV002.signature.verifier.publicKey.rawBytes",
        ]
        let path = try #require(paths[field])
        for (replacement, rule) in [
            ("\"\(field)\":\"\"", .missing), ("\"\(field)\":null", .missing),
            ("\"\(field)\":7", .notAText), ("\"\(field)\":\"*\"", .notBase64),
        ] as [(String, ProtoFault.Rule)] {
            let changed = Array(text.replacing(value, with: replacement).utf8)
            #expect(TestRequest.problem(changed) == .malformed(ProtoFault(path: path, rule: rule)))
        }
    }

    @Test func entryOfMoreThanALeafHoldsIsTooLarge() throws {
        // A signature can't be that long, so the whole is made by hand.
        let room = RecordBody.bytesMax - #"{"a":""}"#.utf8.count
        #expect(try RecordBody(.object([("a", .string(String(repeating: "x", count: room)))])).bytes.count == 65_535)
        #expect(throws: RecordProblem.tooLarge) {
            try RecordBody(.object([("a", .string(String(repeating: "x", count: room + 1)))]))
        }
    }

    @Test func garbageNeverTraps() throws {
        let good = try TestRequest().body
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = TestRequest.problem(bytes)
        }
    }

    private static func selfSigned(_ key: SigningKey) throws -> Certificate {
        try AuthorityCertificates.root(
            name: AuthorityName(country: "XX", organization: "Example", commonName: "Signer"),
            key: key,
            serial: .random(),
            notBeforeSeconds: TwoTierAuthority.now
        )
    }
}
