import COpenSSL
import Keys
import TestKit
import Testing

@testable import Certificates

@Suite("Chain of the CA: CHAIN-1 to CHAIN-6, RFC 5280 §6.1")
struct CertificateChainTests {
    private static let codeSigning: UInt8 = 3
    private static let serverAuth: UInt8 = 1
    private let now = TestAuthority.now

    /// Root, one intermediate below it, and the issuing certificate; each can be changed before it is made.
    private func chain(
        root: TestCertificate = TestCertificate(subject: "Root"),
        middle: TestCertificate? = nil,
        issuing: TestCertificate = TestCertificate(subject: "Issuing", purpose: codeSigning),
        key: SigningKey? = nil
    ) throws -> (chain: CertificateChain, key: SigningKey) {
        let rootKey = try SigningKey.generate(.p256)
        let middleKey = try SigningKey.generate(.p256)
        let key = try key ?? SigningKey.generate(.p256)
        var certificates = [try root.make(rootKey)]
        var parent = root
        var parentKey = rootKey
        if var middle {
            middle.issuer = middle.issuer ?? parent.subject
            certificates.insert(try middle.make(middleKey, signedBy: parentKey), at: 0)
            parent = middle
            parentKey = middleKey
        }
        var issuing = issuing
        issuing.issuer = issuing.issuer ?? parent.subject
        certificates.insert(try issuing.make(key, signedBy: parentKey), at: 0)
        return (try CertificateChain(certificates), key)
    }

    private func expect(
        _ problem: ChainProblem,
        _ made: (chain: CertificateChain, key: SigningKey),
        at seconds: Int64? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: CertificatesError.chain(problem), sourceLocation: location) {
            try made.chain.validate(at: seconds ?? now, signer: made.key.publicKey)
        }
    }

    // MARK: Good chains

    @Test func chainsOfOneToThreeAreAccepted() throws {
        let two = try chain()
        try two.chain.validate(at: now, signer: two.key.publicKey)
        let three = try chain(middle: TestCertificate(subject: "Middle"))
        try three.chain.validate(at: now, signer: three.key.publicKey)
        let key = try SigningKey.generate(.p384)
        let root = try CertificateChain([TestCertificate().make(key)])
        try root.validate(at: now, signer: key.publicKey)
    }

    @Test(arguments: [.p256, .p384, .p521, .ed25519, .rsa(bits: 2048)] as [KeyAlgorithm])
    func everyKindOfKeyIsAccepted(_ algorithm: KeyAlgorithm) throws {
        let made = try chain(key: .generate(algorithm))
        try made.chain.validate(at: now, signer: made.key.publicKey)
    }

    @Test func foreignChainIsAccepted() throws {
        let all = try CertificateChain(pem: Array(ForeignChain.pem.utf8)).certificates
        let chain = try CertificateChain(Array(all.dropFirst()))
        try chain.validate(at: ForeignChain.seconds, signer: chain.issuing.publicKey)
    }

    @Test func lastCertificateNeedsNotBeSelfSigned() throws {
        let made = try chain(middle: TestCertificate(subject: "Middle"))
        let short = try CertificateChain(Array(made.chain.certificates.dropLast()))
        try short.validate(at: now, signer: made.key.publicKey)
    }

    @Test func purposesThatIncludeCodeSigningAreNested() throws {
        let made = try chain(
            root: TestCertificate(subject: "Root", purpose: Self.codeSigning),
            middle: TestCertificate(subject: "Middle", purpose: Self.codeSigning)
        )
        try made.chain.validate(at: now, signer: made.key.publicKey)
    }

    // MARK: CHAIN-1, order

    @Test func noCertificateIsRefused() {
        #expect(throws: CertificatesError.chain(.empty)) { _ = try CertificateChain([]) }
    }

    @Test func wrongOrderIsRefused() throws {
        let made = try chain(middle: TestCertificate(subject: "Middle"))
        let all = made.chain.certificates
        expect(.notOrdered(index: 0), (try CertificateChain([all[0], all[2], all[1]]), made.key))
        expect(.notOrdered(index: 0), (try CertificateChain(all.reversed()), made.key))
        let stranger = try TestCertificate(subject: "Stranger").make(.generate(.p256))
        expect(.notOrdered(index: 2), (try CertificateChain(all + [stranger]), made.key))
    }

    // MARK: CHAIN-2, path validation

    @Test func signatureByAnotherKeyIsRefused() throws {
        let made = try chain(root: TestCertificate(subject: "Root", hasKeyIdentifier: false))
        let impostor = try TestCertificate(subject: "Root", hasKeyIdentifier: false).make(.generate(.p256))
        expect(.signatureInvalid(index: 0), (try CertificateChain([made.chain.issuing, impostor]), made.key))
    }

    @Test func rootThatDidNotSignItselfIsRefused() throws {
        let key = try SigningKey.generate(.p256)
        let root = try TestCertificate(hasKeyIdentifier: false).make(key, signedBy: .generate(.p256))
        expect(.signatureInvalid(index: 0), (try CertificateChain([root]), key))
    }

    @Test func momentsOutsideTheValidityAreRefused() throws {
        let start = now - 1_000
        let end = now + 1_000_000
        let made = try chain()
        expect(.notYetValid(index: 0), made, at: start - 1)
        expect(.expired(index: 0), made, at: end + 1)
        let shortRoot = try chain(root: TestCertificate(subject: "Root", notAfter: now - 1))
        expect(.expired(index: 1), shortRoot)
        let earlyRoot = try chain(root: TestCertificate(subject: "Root", notBefore: now + 1))
        expect(.notYetValid(index: 1), earlyRoot)
    }

    /// The machine's clock must have no say.
    @Test(arguments: [1_000_000_000, 4_000_000_000] as [Int64])
    func momentIsTheOneThatIsGiven(_ seconds: Int64) throws {
        let made = try chain(
            root: TestCertificate(subject: "Root", notBefore: seconds, notAfter: seconds + 600),
            issuing: TestCertificate(
                subject: "Issuing",
                notBefore: seconds,
                notAfter: seconds + 600,
                purpose: Self.codeSigning
            )
        )
        try made.chain.validate(at: seconds, signer: made.key.publicKey)
    }

    @Test func lastTenMinutesAreTooShortForALeaf() throws {
        let made = try chain()
        let end = now + 1_000_000
        try made.chain.validate(at: end - 600, signer: made.key.publicKey)
        expect(.lifetimeTooShort(index: 0, remainingSeconds: 599), made, at: end - 599)
        expect(.lifetimeTooShort(index: 0, remainingSeconds: 0), made, at: end)
        let shortRoot = try chain(root: TestCertificate(subject: "Root", notAfter: now + 10))
        expect(.lifetimeTooShort(index: 1, remainingSeconds: 10), shortRoot)
    }

    @Test func pathLengthCountsTheIssuingCertificate() throws {
        func constrained(_ length: UInt8) -> TestCertificate {
            TestCertificate(subject: "Root", constraints: [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, length])
        }
        expect(.pathTooLong(index: 1, pathLengthMax: 0), try chain(root: constrained(0)))
        let one = try chain(root: constrained(1))
        try one.chain.validate(at: now, signer: one.key.publicKey)
        let middle = TestCertificate(subject: "Middle")
        expect(.pathTooLong(index: 2, pathLengthMax: 1), try chain(root: constrained(1), middle: middle))
        let two = try chain(root: constrained(2), middle: middle)
        try two.chain.validate(at: now, signer: two.key.publicKey)
        var issuing = constrained(0)
        issuing.subject = "Issuing"
        issuing.purpose = Self.codeSigning
        let zero = try chain(issuing: issuing)
        try zero.chain.validate(at: now, signer: zero.key.publicKey)
    }

    /// RFC 5280 §4.2.1.9 counts "non-self-issued" certificates: a CA that changes its key may certify its new one.
    @Test func pathLengthDoesNotCountTheSelfIssued() throws {
        let root = TestCertificate(
            subject: "Root",
            constraints: [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 1]
        )
        // Two certificates have the same name, so that only the identifiers tell which key signed.
        let made = try chain(
            root: root,
            middle: TestCertificate(subject: "Root", hasIssuerKeyIdentifier: true),
            issuing: TestCertificate(subject: "Issuing", purpose: Self.codeSigning, hasIssuerKeyIdentifier: true)
        )
        try made.chain.validate(at: now, signer: made.key.publicKey)
    }

    @Test func purposesThatExcludeCodeSigningAreRefused() throws {
        let root = TestCertificate(subject: "Root", purpose: Self.serverAuth)
        expect(.codeSigningNotNested(index: 1), try chain(root: root))
        let middle = TestCertificate(subject: "Middle", purpose: Self.serverAuth)
        expect(.codeSigningNotNested(index: 1), try chain(middle: middle))
        let key = try SigningKey.generate(.p256)
        expect(.codeSigningNotNested(index: 0), (try CertificateChain([root.make(key)]), key))
    }

    /// nameConstraints that permit only another organization, in a certificate whose subject is `O=Example`.
    @Test func nameConstraintsAreEnforced() throws {
        let directory = bytes("300e310c300a060355040a0c0341636d")
        let constraints =
            bytes("30") + [UInt8(directory.count + 6)] + bytes("a0") + [UInt8(directory.count + 4)]
            + bytes("30") + [UInt8(directory.count + 2)] + bytes("a4") + [UInt8(directory.count)] + directory
        let made = try chain(
            root: TestCertificate(subject: "Root", extra: [(NID_name_constraints, false, constraints)])
        )
        #expect {
            try made.chain.validate(at: now, signer: made.key.publicKey)
        } throws: { error in
            guard case .chain(.notVerified(0, let code, _)) = error as? CertificatesError else { return false }
            return code == X509_V_ERR_PERMITTED_VIOLATION
        }
    }

    /// The poison of a precertificate is one that path validation must not know (RFC 6962 §3.1).
    @Test func criticalExtensionThatNobodyKnowsIsRefused() throws {
        let made = try chain(
            issuing: TestCertificate(
                subject: "Issuing",
                purpose: Self.codeSigning,
                extra: [(NID_ct_precert_poison, true, [5, 0])]
            )
        )
        #expect {
            try made.chain.validate(at: now, signer: made.key.publicKey)
        } throws: { error in
            guard case .chain(.notVerified(0, let code, _)) = error as? CertificatesError else { return false }
            return code == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION
        }
    }

    @Test func malformedBasicConstraintsAreNoAuthority() throws {
        let made = try chain(
            issuing: TestCertificate(subject: "Issuing", constraints: [0x30, 0x80], purpose: Self.codeSigning)
        )
        expect(.notAuthority(index: 0), made)
    }

    // MARK: CHAIN-3, CHAIN-4, keyCertSign

    @Test func whatIsNoAuthorityIsRefused() throws {
        for constraints in [nil, [0x30, 0x00]] as [[UInt8]?] {
            let issuing = TestCertificate(subject: "Issuing", constraints: constraints, purpose: Self.codeSigning)
            expect(.notAuthority(index: 0), try chain(issuing: issuing))
            expect(.notAuthority(index: 1), try chain(root: TestCertificate(subject: "Root", constraints: constraints)))
        }
    }

    @Test func keyUsageWithoutCertificateSigningIsRefused() throws {
        // cRLSign only.
        let usage: [UInt8] = [0x03, 0x02, 0x01, 0x02]
        expect(
            .keyCertSignMissing(index: 0),
            try chain(issuing: TestCertificate(subject: "Issuing", usage: usage, purpose: Self.codeSigning))
        )
        expect(.keyCertSignMissing(index: 1), try chain(root: TestCertificate(subject: "Root", usage: usage)))
        let without = try chain(issuing: TestCertificate(subject: "Issuing", usage: nil, purpose: Self.codeSigning))
        try without.chain.validate(at: now, signer: without.key.publicKey)
    }

    @Test func issuingCertificateMustListCodeSigning() throws {
        expect(.codeSigningMissing, try chain(issuing: TestCertificate(subject: "Issuing")))
        expect(.codeSigningMissing, try chain(issuing: TestCertificate(subject: "Issuing", purpose: Self.serverAuth)))
    }

    // MARK: CHAIN-5, keys

    @Test func keyOfAnotherSignerIsRefused() throws {
        let made = try chain()
        expect(.keyMismatch, (made.chain, try SigningKey.generate(.p256)))
        expect(.keyMismatch, (made.chain, try SigningKey.generate(.p384)))
    }

    /// Keys cannot make weak ones, so this chain comes from `openssl`: RSA with 1024 bits, self-signed, 100 years.
    @Test func weakKeyIsRefused() throws {
        let chain = try CertificateChain(pem: Array(WeakChain.rsa1024.utf8))
        #expect(throws: CertificatesError.chain(.weak(index: 0))) {
            try chain.validate(at: now + 1_000_000, signer: SigningKey.generate(.p256).publicKey)
        }
    }

    /// The same with a root that is strong and an intermediate that is signed with SHA-1.
    @Test func weakDigestIsRefused() throws {
        let chain = try CertificateChain(pem: Array(WeakChain.sha1.utf8))
        #expect(throws: CertificatesError.chain(.weak(index: 0))) {
            try chain.validate(at: now + 1_000_000, signer: chain.issuing.publicKey)
        }
    }
}
