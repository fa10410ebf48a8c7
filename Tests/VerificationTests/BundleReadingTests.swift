import Certificates
import SignatureTestKit
import TestKit
import Testing
import Verification
import Wire

@Suite("sigstore_bundle.proto: the form of a bundle")
struct BundleReadingTests {
    private static let old = "application/vnd.dev.sigstore.bundle+json;version="
    private let entry = "verificationMaterial.tlogEntries[0]"

    private func problem(_ json: JSONText) -> BundleProblem? {
        do { _ = try Bundle(json: json.encoded()) } catch {
            guard case .bundle(let problem) = error else { return nil }
            return problem
        }
        return nil
    }

    private func text(_ bundle: Bundle, mediaType: String? = nil) throws -> BundleText {
        let text = try BundleText(bundle.json)
        guard let mediaType else { return text }
        return try BundleText(text.setting("mediaType", .string(mediaType)).encoded())
    }

    @Test("what is written is read as it was")
    func roundTrip() throws {
        let stack = try TestStack()
        for bundle in [
            try stack.bundle(.hashedRekordV001, try stack.message()), try stack.bundle(.dsseV001, try stack.envelope()),
            try stack.keyBundle(.hashedRekordV002, try stack.message()),
        ] {
            #expect(try Bundle(json: bundle.json) == bundle)
        }
    }

    @Test("all four media types, and no other")
    func mediaTypes() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        for (type, version) in [
            (Self.old + "0.1", BundleVersion.v01), (Self.old + "0.2", .v02), (Self.old + "0.3", .v03),
            (BundleVersion.newestMediaType, .v03),
        ] {
            #expect(try Bundle(json: text(bundle, mediaType: type).text.encoded()).version == version)
        }
        for type in [
            "", Self.old + "0.4", "application/vnd.dev.sigstore.bundle.v0.4+json",
            "application/vnd.dev.sigstore.bundle.v0.2+json", "application/json",
        ] {
            #expect(problem(try text(bundle, mediaType: type).text) == .unsupportedVersion(type))
        }
    }

    @Test("0.1 needs promises, 0.2 and 0.3 need proofs with checkpoints, Rekor v2 has proofs and no promises")
    func promisesAndProofs() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        let first = try text(bundle, mediaType: Self.old + "0.1")
        #expect(problem(first.removing("\(entry).inclusionPromise")) == .promiseMissing)
        #expect(problem(first.removing("\(entry).inclusionProof")) == nil)
        for type in [Self.old + "0.2", BundleVersion.newestMediaType] {
            let text = try text(bundle, mediaType: type)
            #expect(problem(text.removing("\(entry).inclusionProof")) == .proofMissing)
            #expect(problem(text.removing("\(entry).inclusionProof.checkpoint")) == .proofMissing)
            #expect(problem(text.removing("\(entry).inclusionPromise")) == nil)
        }
        let second = try text(try stack.keyBundle(.hashedRekordV002, try stack.message()))
        #expect(problem(second.removing("\(entry).inclusionProof")) == .proofMissing)
        #expect(problem(second.setting("\(entry).integratedTime", .string("1"))) == .promiseNotAllowed)
    }

    @Test("chains are of old, and no root comes with a bundle")
    func chains() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        guard case .certificate(let leaf) = bundle.signer else {
            Issue.record("no certificate")
            return
        }
        func chained(_ certificates: [Certificate], _ type: String) throws -> JSONText {
            let members = certificates.map { JSONText.object([("rawBytes", .string(Base64.encode($0.der)))]) }
            let text = try BundleText(
                text(bundle, mediaType: type).removing("verificationMaterial.certificate").encoded()
            )
            return text.adding(
                "x509CertificateChain",
                .object([("certificates", .array(members))]),
                to: "verificationMaterial"
            )
        }
        let issuing = stack.authority.issuing
        for type in [Self.old + "0.1", Self.old + "0.2"] {
            #expect(try Bundle(json: chained([leaf, issuing], type).encoded()).signer == bundle.signer)
            #expect(problem(try chained([], type)) == .signerMissing)
            #expect(problem(try chained([leaf, issuing, stack.authority.root], type)) == .rootIncluded)
        }
        #expect(problem(try chained([leaf], BundleVersion.newestMediaType)) == .chainNotAllowed)
    }

    @Test("exactly one signer, one content, one signature, and entries that differ")
    func counts() throws {
        let stack = try TestStack()
        let message = try text(try stack.bundle(.hashedRekordV001, try stack.message()))
        let envelope = try text(try stack.bundle(.dsseV001, try stack.envelope()))
        let key = JSONText.object([("hint", .string("a"))])
        #expect(problem(message.adding("publicKey", key, to: "verificationMaterial")) == .signerMissing)
        #expect(problem(message.removing("verificationMaterial.certificate")) == .signerMissing)
        #expect(problem(message.removing("messageSignature")) == .contentMissing)
        #expect(problem(message.setting("messageSignature.signature", .string(""))) == .signatureMissing)
        #expect(problem(envelope.setting("dsseEnvelope.signatures", .array([]))) == .signatureCount(0))
        #expect(problem(envelope.doubling("dsseEnvelope.signatures")) == .signatureCount(2))
        #expect(problem(message.doubling("verificationMaterial.tlogEntries")) == .entryRepeated)
        #expect(problem(message.setting("messageSignature.messageDigest.digest", .string("AAAA"))) == .digestUnusable)
        let negative = message.setting("\(entry).logIndex", .string("-1"))
        #expect(problem(negative) == .entryMalformed("index"))
        #expect(problem(message.setting("\(entry).logIndex", .integer(1_000_001))) == nil)
        let unknown = message.setting("\(entry).kindVersion.kind", .string("jar"))
        #expect(problem(unknown) == .entryKindUnknown("jar 0.0.1"))
    }

    @Test("a key's hint and the envelope's key ID agree, if both are there")
    func hints() throws {
        let stack = try TestStack()
        let bundle = try text(try stack.keyBundle(.dsseV001, try stack.envelope()))
        let path = "dsseEnvelope.signatures[0].keyid"
        #expect(problem(bundle.setting(path, .string("the key"))) == nil)
        #expect(problem(bundle.setting(path, .string(""))) == nil)
        #expect(problem(bundle.setting(path, .string("another"))) == .keyIDMismatch)
    }

    @Test("a bundle is bounded")
    func bounds() throws {
        #expect(throws: VerificationError.self) {
            try Bundle(json: [UInt8](repeating: UInt8(ascii: " "), count: Bundle.bytesMax + 1))
        }
        let stack = try TestStack()
        let text = try text(try stack.bundle(.hashedRekordV001, try stack.message()))
        let many = JSONText.array([JSONText](repeating: .object([]), count: Bundle.itemsMax + 1))
        let path = "verificationMaterial.timestampVerificationData.rfc3161Timestamps"
        let fault = ProtoFault(path: path, rule: .tooMany(max: Bundle.itemsMax))
        #expect(problem(text.setting(path, many)) == .malformed(fault))
    }
}
