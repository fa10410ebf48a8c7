import Keys
import SignatureTestKit
import Testing
import Verification
import Wire

@Suite("Every field of a bundle is covered by something that is verified")
struct MutationTests {
    /// What refuses each field of a bundle when its value is changed; nil where reading does.
    static let refusals: [String: VerificationStep?] = [
        "mediaType": nil,
        "verificationMaterial.certificate.rawBytes": .log,
        "verificationMaterial.tlogEntries[0].logIndex": .log,
        "verificationMaterial.tlogEntries[0].logId.keyId": .log,
        "verificationMaterial.tlogEntries[0].kindVersion.kind": nil,
        "verificationMaterial.tlogEntries[0].kindVersion.version": nil,
        "verificationMaterial.tlogEntries[0].integratedTime": .log,
        "verificationMaterial.tlogEntries[0].inclusionPromise.signedEntryTimestamp": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.logIndex": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.rootHash": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.treeSize": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.hashes[0]": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.hashes[1]": .log,
        "verificationMaterial.tlogEntries[0].inclusionProof.checkpoint.envelope": .log,
        "verificationMaterial.tlogEntries[0].canonicalizedBody": .log,
        "messageSignature.messageDigest.algorithm": nil,
        "messageSignature.messageDigest.digest": .log,
        "messageSignature.signature": .log,
        "dsseEnvelope.payload": .log,
        "dsseEnvelope.payloadType": .signature,
        "dsseEnvelope.signatures[0].sig": .log,
    ]
    /// What a bundle may say without a difference: the key's name, where a certificate says who signed.
    static let free = ["dsseEnvelope.signatures[0].keyid"]

    private func step(
        _ json: JSONText,
        _ verifier: Verifier
    ) -> (isRefused: Bool, step: VerificationStep?) {
        do {
            let bundle = try Bundle(json: json.encoded())
            _ = try verifier.verify(bundle, of: ArtifactDigests(of: TestStack.artifact))
            return (false, nil)
        } catch {
            return (true, error.step)
        }
    }

    private func bundles(_ stack: TestStack) throws -> [Bundle] {
        [
            try stack.bundle(.hashedRekordV001, try stack.message()),
            try stack.bundle(.dsseV001, try stack.envelope()),
            try stack.bundle(.intotoV002, try stack.envelope()),
        ]
    }

    @Test("a value that is changed a little is refused, by the step that it belongs to")
    func changedValues() throws {
        let stack = try TestStack()
        let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
        for bundle in try bundles(stack) {
            let json = try BundleText(bundle.json)
            #expect(!step(json.text, verifier).isRefused)
            for path in json.paths where !Self.free.contains(path) {
                let wanted = try #require(Self.refusals[path], "nothing is known of \(path)")
                let found = step(json.changing(path), verifier)
                #expect(found.isRefused && found.step == wanted, "\(path): \(String(describing: found.step))")
            }
        }
    }

    @Test("a field that is missing is refused, but for what a checkpoint says again and for zeros")
    func missingFields() throws {
        let stack = try TestStack()
        let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
        // A proof counts without them: the checkpoint has both, and it is signed. No promise is no time.
        let spare = ["rootHash", "treeSize", "keyid", "timestampVerificationData", "rfc3161Timestamps"]
        for bundle in try bundles(stack) {
            let json = try BundleText(bundle.json)
            for path in json.members where !spare.contains(where: { path.hasSuffix($0) }) {
                let found = step(json.removing(path), verifier)
                #expect(found.isRefused, "\(path)")
                if path.hasSuffix("inclusionPromise") { #expect(found.step == .time) }
            }
        }
    }

    @Test("of a Rekor v2 entry every field is covered too")
    func version2() throws {
        let stack = try TestStack()
        let verifier = Verifier(
            root: stack.root(),
            policy: VerificationPolicy(signer: .key(stack.signer.publicKey))
        )
        for bundle in [
            try stack.keyBundle(.hashedRekordV002, try stack.message()),
            try stack.keyBundle(.hashedRekordV002, try stack.envelope()),
            try stack.keyBundle(.dsseV002, try stack.envelope()),
        ] {
            let json = try BundleText(bundle.json)
            #expect(!step(json.text, verifier).isRefused)
            for path in json.paths where !Self.free.contains(path) && !path.hasSuffix("publicKey.hint") {
                let found = step(json.changing(path), verifier)
                #expect(found.isRefused, "\(path)")
            }
        }
    }

    @Test("an unknown field anywhere is refused, before anything is verified")
    func unknownFields() throws {
        let stack = try TestStack()
        let json = try BundleText(try stack.bundle(.dsseV001, try stack.envelope()).json)
        for path in json.objects {
            #expect(throws: VerificationError.bundle(.malformed(ProtoFault(path: path, rule: .unknownField("new"))))) {
                try Bundle(json: json.adding("new", to: path).encoded())
            }
        }
    }
}
