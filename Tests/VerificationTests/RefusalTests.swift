import Certificates
import Keys
import SignatureTestKit
import TestKit
import Testing
import Transparency
import Verification
import Wire

@Suite("Client specification §4: what each step refuses")
struct RefusalTests {
    private let artifact = ArtifactDigests(of: TestStack.artifact)

    private func expect(
        _ error: VerificationError,
        _ bundle: Bundle,
        _ root: TrustedRoot,
        policy: VerificationPolicy? = nil,
        artifact: [UInt8] = TestStack.artifact,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let verifier = Verifier(root: root, policy: try policy ?? TestStack.policy)
        #expect(throws: error, sourceLocation: location) {
            try verifier.verify(bundle, of: ArtifactDigests(of: artifact))
        }
    }

    /// The bundle with its only entry changed.
    private func bundle(_ bundle: Bundle, entry: LogEntry) -> Bundle {
        Bundle(signer: bundle.signer, entries: [entry], timestamps: bundle.timestamps, content: bundle.content)
    }

    // MARK: A

    @Test("A: a log's window, its host, and its kind of key")
    func logs() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        let late = ValidityWindow(startMilliseconds: TestStack.seconds * 1000 + 1)
        try expect(.log(.promiseOutsideWindow), bundle, stack.root(logWindow: late))
        let early = ValidityWindow(startMilliseconds: 0, endMilliseconds: TestStack.seconds * 1000 - 1)
        try expect(.log(.promiseOutsideWindow), bundle, stack.root(logWindow: early))
        let none = Bundle(signer: bundle.signer, entries: [], timestamps: [], content: bundle.content)
        try expect(.log(.noEntry), none, stack.root())
        let key = VerificationPolicy(signer: .key(stack.signer.publicKey))
        let version2 = try stack.keyBundle(.hashedRekordV002, try stack.message())
        for url in ["", "log.example.com", "https://"] {
            try expect(.log(.hostMissing), version2, stack.root(baseURL: url), policy: key)
        }
        let origin = LogProblem.checkpointOrigin(expected: "other.example.com")
        try expect(.log(origin), version2, stack.root(baseURL: "https://other.example.com"), policy: key)
        let edwards = try TestStack(recordLog: .ed25519)
        let promised = try edwards.bundle(.hashedRekordV001, try edwards.message())
        try expect(.log(.promiseKeyUnsupported), promised, edwards.root())
    }

    @Test("A: an entry of one kind for a signature of the other, and one of another signature, signer and digest")
    func entries() throws {
        let stack = try TestStack()
        let certificate = try stack.certificate()
        let content = try stack.message()
        let good = try stack.bundle(.hashedRekordV001, content, certificate: certificate)
        func changed(_ content: SignedContent, _ certificate: Certificate) throws -> Bundle {
            bundle(good, entry: try stack.entry(.hashedRekordV001, content, verifier: certificate))
        }
        try expect(.log(.entryMismatch(.signature)), try changed(try stack.message(), certificate), stack.root())
        try expect(.log(.entryMismatch(.signer)), try changed(content, try stack.certificate()), stack.root())
        let other = SignedContent.message(
            MessageSignature(
                algorithm: .sha256,
                digest: DigestAlgorithm.sha256.digest([1]),
                signature: content.signature
            )
        )
        try expect(.log(.entryMismatch(.digest)), try changed(other, certificate), stack.root())
        let envelope = try stack.envelope()
        let mixed = try stack.bundle(.hashedRekordV001, envelope, certificate: certificate)
        try expect(.log(.bodyMalformed), mixed, stack.root())
        let unsuitable = try stack.keyBundle(.dsseV002, try stack.message())
        let key = VerificationPolicy(signer: .key(stack.signer.publicKey))
        try expect(.log(.kindUnsuitable(.dsseV002)), unsuitable, stack.root(), policy: key)
    }

    @Test("A: an entry that was made before or after the certificate, or with it another time than the promise's")
    func times() throws {
        let stack = try TestStack()
        let content = try stack.message()
        let certificate = try stack.certificate()
        let good = try stack.bundle(.hashedRekordV001, content, certificate: certificate)
        for seconds in [certificate.notBeforeSeconds - 1, certificate.notAfterSeconds + 1] {
            let entry = try stack.entry(.hashedRekordV001, content, verifier: certificate, seconds: seconds)
            try expect(.log(.timeOutsideCertificate), bundle(good, entry: entry), stack.root())
        }
        for seconds in [certificate.notBeforeSeconds, certificate.notAfterSeconds] {
            let entry = try stack.entry(.hashedRekordV001, content, verifier: certificate, seconds: seconds)
            let verifier = Verifier(root: stack.root(), policy: try TestStack.policy)
            _ = try verifier.verify(bundle(good, entry: entry), of: artifact)
        }
    }

    @Test("A: checkpoints of Rekor v1 under a name of v2, and the reverse")
    func checkpoints() throws {
        let stack = try TestStack()
        let content = try stack.message()
        let certificate = try stack.certificate()
        let good = try stack.bundle(.hashedRekordV001, content, certificate: certificate)
        let plain = try stack.entry(.hashedRekordV001, content, verifier: certificate, origin: TestStack.host)
        let expected = "a tree of Rekor v1, \"<host> - <tree ID>\""
        try expect(.log(.checkpointOrigin(expected: expected)), bundle(good, entry: plain), stack.root())
        let tree = "\(TestStack.host) - 7"
        let treed = try stack.entry(.hashedRekordV002, content, verifier: nil, origin: tree)
        let key = VerificationPolicy(signer: .key(stack.signer.publicKey))
        let keyed = Bundle(signer: .publicKey(hint: ""), entries: [treed], timestamps: [], content: content)
        try expect(.log(.checkpointOrigin(expected: TestStack.host)), keyed, stack.root(), policy: key)
        let named = try stack.entry(.hashedRekordV002, content, verifier: nil, name: "other.example.com")
        let unsigned = Bundle(signer: .publicKey(hint: ""), entries: [named], timestamps: [], content: content)
        try expect(.log(.checkpointNotSigned), unsigned, stack.root(), policy: key)
    }

    // MARK: C, D

    @Test("C: a certificate of another CA, of one that wasn't in use, and one whose CA's intermediate isn't trusted")
    func certificates() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        let at = TestStack.seconds
        let late = ValidityWindow(startMilliseconds: at * 1000 + 1)
        try expect(.certificate(.noAuthority(seconds: at)), bundle, stack.root(authorityWindow: late))
        let ended = ValidityWindow(startMilliseconds: 0, endMilliseconds: at * 1000 - 1)
        try expect(.certificate(.noAuthority(seconds: at)), bundle, stack.root(authorityWindow: ended))
        let root = stack.root()
        for chain in [
            try TwoTierAuthority().chain, try CertificateChain([stack.authority.root]),
        ] {
            let other = TrustedRoot(
                logs: root.logs,
                certificateAuthorities: [TrustedAuthority(uri: "", chain: chain, window: stack.window)],
                certificateLogs: root.certificateLogs,
                timestampAuthorities: []
            )
            let error = try #require(throws: VerificationError.self) {
                try Verifier(root: other, policy: try TestStack.policy).verify(bundle, of: artifact)
            }
            #expect(error.step == .certificate)
        }
        let empty = TrustedRoot(
            logs: root.logs,
            certificateAuthorities: [],
            certificateLogs: [],
            timestampAuthorities: []
        )
        try expect(.certificate(.noAuthority(seconds: at)), bundle, empty)
    }

    @Test("C: a CA's own certificate signs nothing, and a leaf must be for code signing")
    func usages() throws {
        let stack = try TestStack()
        #expect(throws: CertificatesError.chain(.isAuthority)) {
            try stack.authority.issuing.path(to: stack.authority.chain, atSeconds: TwoTierAuthority.now)
        }
        let path = try stack.certificate().path(to: stack.authority.chain, atSeconds: TestStack.seconds)
        #expect(path.dropFirst() == stack.authority.chain.certificates[...])
        for seconds in [path[0].notBeforeSeconds - 1, path[0].notAfterSeconds + 1] {
            #expect(throws: CertificatesError.self) {
                try path[0].path(to: stack.authority.chain, atSeconds: seconds)
            }
        }
    }

    @Test("D: a promise by an unknown log, by a key that isn't the log's, of a time when it wasn't in use")
    func promises() throws {
        let stack = try TestStack()
        let content = try stack.message()
        let unknown = try stack.certificate(promisedBy: try SigningKey.generate(.p256))
        try expect(
            .promise(.logUnknown),
            try stack.bundle(.hashedRekordV001, content, certificate: unknown),
            stack.root()
        )
        let now = TwoTierAuthority.now * 1000
        let bundle = try stack.bundle(.hashedRekordV001, content)
        for window in [
            ValidityWindow(startMilliseconds: now + 1), ValidityWindow(startMilliseconds: 0, endMilliseconds: now - 1),
        ] {
            try expect(
                .promise(.outsideWindow(log: "https://ct.example.com")),
                bundle,
                stack.root(certificateLogWindow: window)
            )
        }
        let root = stack.root()
        let impostor = TrustedLog(
            baseURL: "https://ct.example.com",
            id: root.certificateLogs[0].id,
            key: try SigningKey.generate(.p256).publicKey,
            window: stack.window
        )
        let wrong = TrustedRoot(
            logs: root.logs,
            certificateAuthorities: root.certificateAuthorities,
            certificateLogs: [impostor],
            timestampAuthorities: []
        )
        try expect(.promise(.signatureInvalid(log: "https://ct.example.com")), bundle, wrong)
    }

    // MARK: F, G

    @Test("F: another artifact, and a signature that is logged but by another key")
    func signatures() throws {
        let stack = try TestStack()
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message())
        try expect(.signature(.artifactMismatch), bundle, stack.root(), artifact: [1])
        let other = try SigningKey.generate(.p256)
        let message = try stack.bundle(.hashedRekordV001, try stack.message(by: other))
        try expect(.signature(.invalid), message, stack.root())
        let envelope = try stack.bundle(.dsseV001, try stack.envelope(by: other))
        try expect(.signature(.invalid), envelope, stack.root())
    }

    @Test("G: statements about other artifacts, of other kinds and versions")
    func statements() throws {
        let stack = try TestStack()
        func bundle(_ statement: [UInt8], type: String = SignedEnvelope.statementType) throws -> Bundle {
            try stack.bundle(.dsseV001, try stack.envelope(statement: statement, payloadType: type))
        }
        let sha256 = SHA256Digest(hashing: TestStack.artifact).hex
        try expect(.statement(.subjectMismatch), try bundle(TestStack.statement()), stack.root(), artifact: [1])
        for digests in [[], [("sha1", sha256)], [("sha256", sha256), ("sha512", sha256)]] {
            let statement = TestStack.statement(digests: digests)
            try expect(.statement(.subjectMismatch), try bundle(statement), stack.root())
        }
        let many = (0...32).map { ("sha\($0)", sha256) }
        try expect(.statement(.tooLarge), try bundle(TestStack.statement(digests: many)), stack.root())
        let future = TestStack.statement(type: "https://in-toto.io/Statement/v2")
        for statement in [future, Array("{}".utf8), Array("[]".utf8), []] {
            try expect(.statement(.malformed), try bundle(statement), stack.root())
        }
        let old = TestStack.statement(type: "https://in-toto.io/Statement/v0.1")
        _ = try Verifier(root: stack.root(), policy: try TestStack.policy).verify(try bundle(old), of: artifact)
        let plain = try bundle(TestStack.statement(), type: "text/plain")
        try expect(.statement(.payloadType("text/plain")), plain, stack.root())
        let signer = try TestStack.policy.signer
        let wanted = VerificationPolicy(signer: signer, predicateType: "https://example.com/other")
        let mismatch = StatementProblem.predicateMismatch(
            expected: "https://example.com/other",
            found: TestStack.predicateType
        )
        try expect(.statement(mismatch), try bundle(TestStack.statement()), stack.root(), policy: wanted)
        let message = try stack.bundle(.hashedRekordV001, try stack.message())
        try expect(.statement(.statementMissing), message, stack.root(), policy: wanted)
    }
}
