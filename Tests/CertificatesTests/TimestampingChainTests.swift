import COpenSSL
import Keys
import Testing
import X509

@testable import Certificates

@Suite("Chain of a timestamp authority: RFC 3161 §2.3, RFC 5280 §6.1")
struct TimestampingChainTests {
    private static let timeStamping: UInt8 = 8
    private let now = TestAuthority.now

    /// A timestamp authority's certificate as it should be; changed before it is made.
    private static func leaf(_ change: (inout TestCertificate) -> Void = { _ in }) -> TestCertificate {
        var leaf = TestCertificate(subject: "TSA", issuer: "Root", constraints: nil, usage: [0x03, 0x02, 0x07, 0x80])
        leaf.extra = [(NID_ext_key_usage, true, CertificateChain.timeStampingOnly)]
        change(&leaf)
        return leaf
    }

    private func chain(
        _ leaf: TestCertificate = leaf(),
        root: TestCertificate = TestCertificate(subject: "Root"),
        key: SigningKey
    ) throws -> CertificateChain {
        let rootKey = try SigningKey.generate(.p256)
        return try CertificateChain([leaf.make(key, signedBy: rootKey), root.make(rootKey)])
    }

    private func expect(
        _ problem: ChainProblem,
        _ leaf: TestCertificate = leaf(),
        root: TestCertificate = TestCertificate(subject: "Root"),
        at seconds: Int64? = nil,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let key = try SigningKey.generate(.p256)
        let chain = try chain(leaf, root: root, key: key)
        #expect(throws: CertificatesError.chain(problem), sourceLocation: location) {
            try chain.validateTimestamping(at: seconds ?? now, signer: key.publicKey)
        }
    }

    @Test func whatIsMadeMaySign() throws {
        let rootKey = try SigningKey.generate(.p384)
        let key = try SigningKey.generate(.p256)
        let root = try AuthorityCertificates.root(
            name: AuthorityName(country: "XX", organization: "Example", commonName: "TSA root"),
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: now
        )
        let leaf = try AuthorityCertificates.timestamping(
            name: AuthorityName(country: nil, organization: "Example", commonName: "TSA"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: .random(),
            notBeforeSeconds: now
        )
        try CertificateChain([leaf, root]).validateTimestamping(at: now, signer: key.publicKey)
        try leaf.verify(issuedBy: root)
        let read = try X509.Certificate(derEncoded: leaf.der)
        #expect(try read.extensions.keyUsage == KeyUsage(digitalSignature: true))
        #expect(try read.extensions.extendedKeyUsage == ExtendedKeyUsage([.timeStamping]))
        let found = try leaf.extensions()
        #expect(found.map(\.identifier) == ["2.5.29.15", "2.5.29.37", "2.5.29.14", "2.5.29.35"])
        #expect(found.map(\.isCritical) == [true, true, false, false])
        #expect(!leaf.isCA && leaf.notAfterSeconds - leaf.notBeforeSeconds == 1_095 * 86_400)
    }

    @Test func aChainLikeOthersMakeItIsAccepted() throws {
        let key = try SigningKey.generate(.p256)
        try chain(key: key).validateTimestamping(at: now, signer: key.publicKey)
        let nested = TestCertificate(subject: "Root", purpose: Self.timeStamping)
        try chain(root: nested, key: key).validateTimestamping(at: now, signer: key.publicKey)
    }

    @Test func theFirstCertificateMustBeATimestampAuthoritys() throws {
        try expect(.leafIsAuthority, Self.leaf { $0.constraints = [0x30, 0x03, 0x01, 0x01, 0xFF] })
        try expect(.digitalSignatureMissing, Self.leaf { $0.usage = [0x03, 0x02, 0x01, 0x06] })
        try expect(.timeStampingNotAlone, Self.leaf { $0.extra = [] })
        try expect(
            .timeStampingNotAlone,
            Self.leaf { $0.extra = [(NID_ext_key_usage, false, CertificateChain.timeStampingOnly)] }
        )
        let two: [UInt8] =
            [0x30, 0x0F] + CertificateChain.timeStampingOnly.dropFirst(2) + [0x06, 0x03, 0x2A, 0x03, 0x04]
        try expect(.timeStampingNotAlone, Self.leaf { $0.extra = [(NID_ext_key_usage, true, two)] })
    }

    @Test func theOthersMustBeAuthoritiesThatAllowIt() throws {
        try expect(.notAuthority(index: 1), root: TestCertificate(subject: "Root", constraints: nil))
        try expect(
            .keyCertSignMissing(index: 1),
            root: TestCertificate(subject: "Root", usage: [0x03, 0x02, 0x07, 0x80])
        )
        try expect(.timeStampingNotNested(index: 1), root: TestCertificate(subject: "Root", purpose: 3))
        try expect(.notOrdered(index: 0), root: TestCertificate(subject: "Another"))
    }

    @Test func datesAndKeyAreChecked() throws {
        try expect(.expired(index: 0), Self.leaf { $0.notAfter = TestAuthority.now - 1 })
        try expect(.notYetValid(index: 0), Self.leaf { $0.notBefore = TestAuthority.now + 1 })
        try expect(.expired(index: 1), root: TestCertificate(subject: "Root", notAfter: now - 1))
        let key = try SigningKey.generate(.p256)
        let made = try chain(key: key)
        #expect(throws: CertificatesError.chain(.rootMissing)) {
            try CertificateChain([made.issuing]).validateTimestamping(at: now, signer: key.publicKey)
        }
        let other = try SigningKey.generate(.p256).publicKey
        #expect(throws: CertificatesError.chain(.keyMismatch)) {
            try made.validateTimestamping(at: now, signer: other)
        }
    }

    @Test func aSignatureByAnotherIsFound() throws {
        let key = try SigningKey.generate(.p256)
        let mine = try chain(key: key)
        let others = try chain(key: key)
        let mixed = try CertificateChain([mine.issuing, others.certificates[1]])
        #expect(throws: CertificatesError.chain(.signatureInvalid(index: 0))) {
            try mixed.validateTimestamping(at: now, signer: key.publicKey)
        }
    }
}
