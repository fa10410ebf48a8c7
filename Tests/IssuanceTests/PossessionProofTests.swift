import Certificates
import Keys
import Testing
import Wire

@testable import Issuance

@Suite("POP-1…18: proof of possession")
struct PossessionProofTests {
    private func refusal(_ body: () async throws(IssuanceError) -> some Any) async -> IssuanceError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    private func request(_ key: SigningKey, over name: String = TestIdentity.email) throws -> KeyRequest {
        .publicKey(content: Array(key.publicKey.pem.utf8), proof: try key.sign(Array(name.utf8)))
    }

    @Test(
        "POP-11, POP-13: every allowed key",
        arguments: [
            KeyAlgorithm.p256, .p384, .p521, .ed25519, .rsa(bits: 2048), .rsa(bits: 3072), .rsa(bits: 4096),
        ]
    )
    func allowedKeysAreProven(algorithm: KeyAlgorithm) async throws {
        let identity = try await TestIdentity.alice()
        let key = try SigningKey.generate(algorithm)
        #expect(try PossessionProof().verify(try request(key), by: identity).publicKey == key.publicKey)
        let csr = KeyRequest.certificateSigningRequest(
            pem: Array(try CertificateSigningRequest.pem(signedBy: key).utf8)
        )
        #expect(try PossessionProof().verify(csr, by: identity).publicKey == key.publicKey)
    }

    @Test(
        "POP-1, POP-2: the proof is over the email, byte by byte",
        arguments: [
            "", "alice-id", "ALICE@EXAMPLE.COM", "alice@example.com\n", "mallory@example.com",
        ]
    )
    func proofOverAnotherNameIsRefused(name: String) async throws {
        let identity = try await TestIdentity.alice()
        let request = try request(try SigningKey.generate(.p256), over: name)
        #expect(
            await refusal { () throws(IssuanceError) in try PossessionProof().verify(request, by: identity) }
                == .proofInvalid
        )
    }

    @Test("POP-18: a proof by another key")
    func proofByAnotherKeyIsRefused() async throws {
        let identity = try await TestIdentity.alice()
        let key = try SigningKey.generate(.p256)
        let proof = try SigningKey.generate(.p256).sign(Array(TestIdentity.email.utf8))
        let request = KeyRequest.publicKey(content: Array(key.publicKey.pem.utf8), proof: proof)
        #expect(
            await refusal { () throws(IssuanceError) in try PossessionProof().verify(request, by: identity) }
                == .proofInvalid
        )
    }

    @Test("section 1.12: an unreadable key hides a bad proof; a bad proof hides a forbidden algorithm")
    func errorsComeInOrder() async throws {
        let identity = try await TestIdentity.alice()
        let unreadable = KeyRequest.publicKey(content: [1, 2, 3], proof: [4])
        #expect(
            await refusal { () throws(IssuanceError) in try PossessionProof().verify(unreadable, by: identity) }
                == .publicKeyUnparsable
        )
        let onlyP256 = PossessionProof(allowed: [.ecdsaP256SHA256])
        let key = try SigningKey.generate(.p384)
        let forbidden = try request(key)
        #expect(
            await refusal { () throws(IssuanceError) in try onlyP256.verify(forbidden, by: identity) }
                == .signatureAlgorithmNotPermitted(.p384, .sha384)
        )
        let wrong = try request(key, over: "x")
        #expect(await refusal { () throws(IssuanceError) in try onlyP256.verify(wrong, by: identity) } == .proofInvalid)
    }

    @Test(
        "POP-4: signing requests that can't be read",
        arguments: [
            "", "not a request", "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ]
    )
    func unreadableRequestIsRefused(text: String) async throws {
        let identity = try await TestIdentity.alice()
        let request = KeyRequest.certificateSigningRequest(pem: Array(text.utf8))
        #expect(
            await refusal { () throws(IssuanceError) in try PossessionProof().verify(request, by: identity) }
                == .signingRequestUnparsable
        )
    }

    @Test("POP-4: the label NEW CERTIFICATE REQUEST, CRLF and one long line are fine")
    func clientsFormsAreRead() async throws {
        let identity = try await TestIdentity.alice()
        let key = try SigningKey.generate(.p256)
        let pem = try CertificateSigningRequest.pem(signedBy: key)
        let body = try PEMBlock.first(in: Array(pem.utf8)).bytes
        let forms = [
            pem.replacing("CERTIFICATE REQUEST", with: "NEW CERTIFICATE REQUEST"), pem.replacing("\n", with: "\r\n"),
            "-----BEGIN CERTIFICATE REQUEST-----\n\(Base64.encode(body))\n-----END CERTIFICATE REQUEST-----",
        ]
        for form in forms {
            let request = KeyRequest.certificateSigningRequest(pem: Array(form.utf8))
            #expect(try PossessionProof().verify(request, by: identity).publicKey == key.publicKey)
        }
    }

    @Test("a request whose signature was changed")
    func changedRequestIsRefused() async throws {
        let identity = try await TestIdentity.alice()
        let pem = try CertificateSigningRequest.pem(signedBy: try SigningKey.generate(.p256))
        var body = try PEMBlock.first(in: Array(pem.utf8)).bytes
        body[body.count - 1] ^= 1
        let request = KeyRequest.certificateSigningRequest(
            pem: Array(PEMBlock(label: "CERTIFICATE REQUEST", bytes: body).text.utf8)
        )
        #expect(
            await refusal { () throws(IssuanceError) in try PossessionProof().verify(request, by: identity) }
                == .proofInvalid
        )
    }
}
