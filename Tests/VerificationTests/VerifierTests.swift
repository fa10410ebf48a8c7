import Certificates
import Keys
import SignatureTestKit
import TestKit
import Testing
import Transparency
import Verification
import Wire

@Suite("Client specification §4: what verifies")
struct VerifierTests {
    private let artifact = ArtifactDigests(of: TestStack.artifact)

    @Test("signatures and statements in each kind of Rekor v1 entry, whatever the signer's key")
    func version1Verifies() throws {
        for algorithm in [KeyAlgorithm.p256, .p384, .p521, .rsa(bits: 2048)] {
            let stack = try TestStack(signer: algorithm)
            let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
            let bundles = [
                try stack.bundle(.hashedRekordV001, try stack.message()),
                try stack.bundle(.dsseV001, try stack.envelope()),
                try stack.bundle(.intotoV002, try stack.envelope()),
            ]
            for bundle in bundles {
                var steps: [VerificationStep] = []
                let signature = try verifier.verify(bundle, of: artifact) { step, _ in steps.append(step) }
                #expect(signature.identity?.name == TestStack.name)
                #expect(signature.identity?.issuer == TestStack.issuer)
                #expect(signature.times.map(\.seconds) == [TestStack.seconds])
                let isStatement = bundle != bundles[0]
                #expect(signature.statement?.predicateType == (isStatement ? TestStack.predicateType : nil))
                let wanted = VerificationStep.allCases.filter { isStatement || $0 != .statement }
                #expect(steps == wanted)
            }
        }
    }

    @Test(
        "signatures by a key in each kind of Rekor v2 entry, whatever the log's key",
        arguments: [KeyAlgorithm.p256, .p384, .ed25519, .rsa(bits: 2048)]
    )
    func version2Verifies(log: KeyAlgorithm) throws {
        for signer in [KeyAlgorithm.p256, .p384, .p521, .rsa(bits: 2048)] {
            let stack = try TestStack(signer: signer, recordLog: log)
            let policy = VerificationPolicy(signer: .key(stack.signer.publicKey))
            let verifier = Verifier(root: stack.root(), policy: policy)
            for (kind, content) in [
                (EntryKind.hashedRekordV002, try stack.message()), (.hashedRekordV002, try stack.envelope()),
                (.dsseV002, try stack.envelope()),
            ] {
                let signature = try verifier.verify(try stack.keyBundle(kind, content), of: artifact)
                #expect(signature.identity == nil)
                #expect(signature.times.isEmpty)
            }
        }
    }

    @Test("Ed25519 signs statements; signatures of artifacts by it are Ed25519ph, which isn't verified")
    func ed25519() throws {
        let stack = try TestStack(signer: .ed25519)
        let policy = VerificationPolicy(signer: .key(stack.signer.publicKey))
        let verifier = Verifier(root: stack.root(), policy: policy)
        _ = try verifier.verify(try stack.keyBundle(.dsseV001, try stack.envelope()), of: artifact)
        #expect(throws: VerificationError.signature(.unsupported)) {
            try verifier.verify(try stack.keyBundle(.hashedRekordV001, try stack.message()), of: artifact)
        }
    }

    @Test("P-384 and P-521 keys of early clients signed with SHA-256; RSA keys may sign by PSS")
    func otherSchemes() throws {
        for algorithm in [KeyAlgorithm.p384, .p521] {
            let stack = try TestStack(signer: algorithm)
            let hash = DigestAlgorithm.sha256.digest(TestStack.artifact)
            let signature = try OtherSchemes.sign(hash, digest: .sha256, key: stack.signer, isPSS: false)
            let content = SignedContent.message(
                MessageSignature(algorithm: .sha256, digest: hash, signature: signature)
            )
            let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
            _ = try verifier.verify(try stack.bundle(.hashedRekordV001, content), of: artifact)
            // The digest is enough, since nothing else was signed.
            _ = try? verifier.verify(try stack.bundle(.hashedRekordV001, content), of: ArtifactDigests([.sha256: hash]))
        }
        let stack = try TestStack(signer: .rsa(bits: 2048))
        let hash = DigestAlgorithm.sha256.digest(TestStack.artifact)
        let signature = try OtherSchemes.sign(hash, digest: .sha256, key: stack.signer, isPSS: true)
        let content = SignedContent.message(MessageSignature(algorithm: .sha256, digest: hash, signature: signature))
        _ = try Verifier(root: stack.root(), policy: try TestStack.policy)
            .verify(try stack.bundle(.hashedRekordV001, content), of: artifact)
    }

    @Test("a digest does in the artifact's place, when it is of the kind that was signed")
    func digests() throws {
        let stack = try TestStack(signer: .p384)
        let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        let sha384 = DigestAlgorithm.sha384.digest(TestStack.artifact)
        _ = try verifier.verify(bundle, of: ArtifactDigests([.sha384: sha384]))
        let sha256 = DigestAlgorithm.sha256.digest(TestStack.artifact)
        #expect(throws: VerificationError.signature(.artifactNeeded(.sha384))) {
            try verifier.verify(bundle, of: ArtifactDigests([.sha256: sha256]))
        }
    }

    @Test("a timestamp of a static-ct-api log keeps the index that its signature covers")
    func extensionsOfTheCertificateLog() throws {
        let stack = try TestStack()
        let certificate = try stack.certificate(sctExtensions: SCTExtensions(leafIndex: LeafIndex(7)))
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message(), certificate: certificate)
        _ = try Verifier(root: stack.root(), policy: try TestStack.policy).verify(bundle, of: artifact)
    }

    @Test("windows of validity have both their ends")
    func windowsAreClosed() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        let moment = TestStack.seconds * 1000
        let just = ValidityWindow(startMilliseconds: moment, endMilliseconds: moment)
        let promise = TwoTierAuthority.now * 1000
        let root = stack.root(
            logWindow: just,
            authorityWindow: just,
            certificateLogWindow: ValidityWindow(startMilliseconds: promise, endMilliseconds: promise)
        )
        _ = try Verifier(root: root, policy: try TestStack.policy).verify(bundle, of: artifact)
    }

    @Test("names that are URIs and usernames, and a certificate whose name is critical")
    func names() throws {
        let stack = try TestStack()
        for (san, name) in [
            (try SubjectAlternativeName(uri: "https://example.com/build@main"), "https://example.com/build@main"),
            (try SubjectAlternativeName(otherName: "jane!example.com"), "jane!example.com"),
        ] {
            let identity = ExpectedIdentity(
                name: try #require(TextPattern(exact: name)),
                issuer: try #require(TextPattern(expression: #"https://issuer\.example\.(com|org)"#))
            )
            let certificate = try stack.certificate(san: san)
            let bundle = try stack.bundle(.hashedRekordV001, try stack.message(), certificate: certificate)
            let policy = VerificationPolicy(signer: .identity(identity))
            _ = try Verifier(root: stack.root(), policy: policy).verify(bundle, of: artifact)
        }
    }

    @Test("entries of unknown logs are passed over, beside one of a log that is known")
    func unknownLogsArePassedOver() throws {
        let stack = try TestStack()
        let other = try TestStack()
        let content = try stack.message()
        let certificate = try stack.certificate()
        let bundle = Bundle(
            signer: .certificate(certificate),
            entries: [
                try other.entry(.hashedRekordV001, content, verifier: certificate),
                try stack.entry(.hashedRekordV001, content, verifier: certificate),
            ],
            timestamps: [],
            content: content
        )
        let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
        #expect(try verifier.verify(bundle, of: artifact).times.count == 1)
        #expect(throws: VerificationError.log(.logUnknown)) {
            try Verifier(root: try TestStack().root(), policy: try TestStack.policy).verify(bundle, of: artifact)
        }
    }
}
