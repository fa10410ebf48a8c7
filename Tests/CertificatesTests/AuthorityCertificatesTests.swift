import Keys
import Testing
import X509

@testable import Certificates

@Suite("CA certificates of a new installation: Fulcio's certificate specification, RFC 5280 §4")
struct AuthorityCertificatesTests {
    private let now = TestAuthority.now

    private func make() throws -> (
        rootKey: SigningKey, root: Certificates.Certificate, key: SigningKey, intermediate: Certificates.Certificate
    ) {
        let rootKey = try SigningKey.generate(AuthorityCertificates.keyAlgorithm)
        let root = try AuthorityCertificates.root(
            name: AuthorityName(
                country: AuthorityName.noCountry,
                organization: "Exämple",
                commonName: "Mayfly root"
            ),
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: now
        )
        let key = try SigningKey.generate(AuthorityCertificates.keyAlgorithm)
        let intermediate = try AuthorityCertificates.intermediate(
            name: AuthorityName(country: nil, organization: "Exämple", commonName: "Mayfly intermediate"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: .random(),
            notBeforeSeconds: now
        )
        return (rootKey, root, key, intermediate)
    }

    @Test func chainMayIssue() throws {
        let made = try make()
        let chain = try CertificateChain([made.intermediate, made.root])
        try chain.validate(at: now, signer: made.key.publicKey)
        try CertificateChain([made.root]).validate(at: now, signer: made.rootKey.publicKey)
        try made.intermediate.verify(issuedBy: made.root)
        try made.root.verify(issuedBy: made.root)
    }

    @Test func rootIsAsSpecified() throws {
        let made = try make()
        let root = try X509.Certificate(derEncoded: made.root.der)
        #expect(root.issuer == root.subject)
        #expect(root.subject.description == "CN=Mayfly root,O=Exämple,C=XX")
        #expect(root.signatureAlgorithm == .ecdsaWithSHA384)
        #expect(made.root.notAfterSeconds - made.root.notBeforeSeconds == 3_650 * 86_400)
        let found = try made.root.extensions()
        #expect(found.map(\.identifier) == ["2.5.29.15", "2.5.29.19", "2.5.29.14"])
        #expect(found.map(\.isCritical) == [true, true, false])
        #expect(try root.extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(try root.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(made.root.subjectKeyIdentifier == made.rootKey.publicKey.keyIdentifier)
        #expect(made.root.serialNumber.count >= 18)
    }

    @Test func intermediateIsAsSpecified() throws {
        let made = try make()
        let reader = try X509.Certificate(derEncoded: made.intermediate.der)
        #expect(reader.subject.description == "CN=Mayfly intermediate,O=Exämple")
        #expect(made.intermediate.issuer == made.root.subject)
        #expect(made.intermediate.notAfterSeconds - now == 1_095 * 86_400)
        let found = try made.intermediate.extensions()
        #expect(found.map(\.identifier) == ["2.5.29.15", "2.5.29.37", "2.5.29.19", "2.5.29.14", "2.5.29.35"])
        #expect(found.map(\.isCritical) == [true, false, true, false, false])
        #expect(try reader.extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(try reader.extensions.extendedKeyUsage == ExtendedKeyUsage([.codeSigning]))
        #expect(try reader.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        let identifier = try reader.extensions.authorityKeyIdentifier
        #expect(identifier?.keyIdentifier.map { Array($0) } == made.root.subjectKeyIdentifier)
        #expect(identifier?.authorityCertIssuer == nil)
    }

    @Test func intermediateEndsWithItsIssuerAtTheLatest() throws {
        let made = try make()
        let late = made.root.notAfterSeconds - 86_400
        let intermediate = try AuthorityCertificates.intermediate(
            name: AuthorityName(country: nil, organization: "Example", commonName: "Late"),
            publicKey: made.key.publicKey,
            issuer: made.root,
            issuerKey: made.rootKey,
            serial: .random(),
            notBeforeSeconds: late
        )
        #expect(intermediate.notAfterSeconds == made.root.notAfterSeconds)
    }

    @Test func unsuitableIssuersAreRefused() throws {
        let made = try make()
        let name = try AuthorityName(country: nil, organization: "Example", commonName: "Name")
        func below(_ issuer: Certificates.Certificate, _ key: SigningKey, _ seconds: Int64) throws {
            _ = try AuthorityCertificates.intermediate(
                name: name,
                publicKey: made.key.publicKey,
                issuer: issuer,
                issuerKey: key,
                serial: .random(),
                notBeforeSeconds: seconds
            )
        }
        #expect(throws: CertificatesError.chain(.keyMismatch)) { try below(made.root, made.key, now) }
        #expect(throws: CertificatesError.chain(.notYetValid(index: 0))) {
            try below(made.root, made.rootKey, now - 1)
        }
        #expect(throws: CertificatesError.chain(.expired(index: 0))) {
            try below(made.root, made.rootKey, made.root.notAfterSeconds + 1)
        }
        let leaf = try TestCertificate(constraints: nil).make(made.rootKey)
        #expect(throws: CertificatesError.chain(.notAuthority(index: 0))) { try below(leaf, made.rootKey, now) }
    }

    @Test(arguments: [
        ("", "a", "C"), ("de", "a", "C"), ("DEU", "a", "C"), ("D1", "a", "C"), ("DE", "", "CN"), ("DE", " a", "CN"),
        ("DE", "a\n", "CN"), ("DE", "a\0b", "CN"), ("DE", String(repeating: "a", count: 65), "CN"),
    ])
    func unsuitableNamesAreRefused(_ country: String, _ commonName: String, _ attribute: String) {
        #expect(throws: CertificatesError.authorityNameInvalid(attribute: attribute)) {
            _ = try AuthorityName(country: country, organization: "Example", commonName: commonName)
        }
    }

    @Test func emptyOrganizationIsRefused() {
        #expect(throws: CertificatesError.authorityNameInvalid(attribute: "O")) {
            _ = try AuthorityName(country: nil, organization: "", commonName: "a")
        }
    }

    @Test func momentsThatDoNotFitAreRefused() throws {
        let key = try SigningKey.generate(.p256)
        let name = try AuthorityName(country: nil, organization: "Example", commonName: "Name")
        for seconds in [Int64.min, -1, 253_402_300_799, .max] {
            #expect(throws: CertificatesError.self) {
                _ = try AuthorityCertificates.root(
                    name: name,
                    key: key,
                    serial: .random(),
                    notBeforeSeconds: seconds
                )
            }
        }
    }
}
