import Keys
import SwiftASN1
import TestKit
import Testing
import X509

@testable import Certificates

@Suite("Certificate profile: CERT-1 to CERT-13, CT-5, CT-6")
struct CertificateSignerTests {
    /// Issues with a fresh CA and gives back all that a check may need.
    private func issue(
        _ authority: TestAuthority,
        _ profile: CertificateProfile
    ) throws -> (precertificate: Certificates.Certificate, tbs: [UInt8], certificate: Certificates.Certificate) {
        let signer = try authority.signer()
        let precertificate = try signer.precertificate(profile)
        let der = precertificate.der
        let tbs = precertificate.tbsWithoutPoison
        #expect(precertificate.issuerKeyHash == authority.key.publicKey.sha256)
        let certificate = try signer.finish(precertificate, sctList: TestProfile.sctList)
        return (try Certificates.Certificate(der: der), tbs, certificate)
    }

    @Test(arguments: [.p256, .p384, .p521, .ed25519, .rsa(bits: 2048), .rsa(bits: 3072)] as [KeyAlgorithm])
    func everyKindOfKeyCanBeTheAuthority(_ algorithm: KeyAlgorithm) throws {
        let authority = try TestAuthority.intermediate(algorithm)
        let leaf = try SigningKey.generate(.p256)
        let issued = try issue(authority, TestProfile.workflow(leaf.publicKey))
        try issued.precertificate.verify(issuedBy: authority.certificate)
        // Read anew: what the signer knew of the certificate must be what stands in it.
        let certificate = try Certificates.Certificate(der: issued.certificate.der)
        try certificate.verify(issuedBy: authority.certificate)
        let expected: X509.Certificate.SignatureAlgorithm =
            switch algorithm {
            case .p256: .ecdsaWithSHA256
            case .p384: .ecdsaWithSHA384
            case .p521: .ecdsaWithSHA512
            case .ed25519: .ed25519
            case .rsa: .sha256WithRSAEncryption
            }
        let reader = try X509.Certificate(derEncoded: certificate.der)
        #expect(reader.signatureAlgorithm == expected)
        let parent = try X509.Certificate(derEncoded: authority.certificate.der)
        #expect(parent.publicKey.isValidSignature(reader.signature, for: reader))
    }

    @Test(arguments: [.p256, .p384, .p521, .ed25519, .rsa(bits: 2048), .rsa(bits: 4096)] as [KeyAlgorithm])
    func leafCarriesTheProvenKeyOfEveryKind(_ algorithm: KeyAlgorithm) throws {
        let authority = try TestAuthority.intermediate()
        let leaf = try SigningKey.generate(algorithm)
        let issued = try issue(authority, TestProfile.email(leaf.publicKey))
        let certificate = try Certificates.Certificate(der: issued.certificate.der)
        #expect(certificate.subjectPublicKeyInfo == leaf.publicKey.subjectPublicKeyInfo)
        #expect(try certificate.publicKey == leaf.publicKey)
    }

    @Test func whatTheSignerKnowsOfTheCertificateStandsInIt() throws {
        let authority = try TestAuthority.intermediate()
        let leaf = try SigningKey.generate(.p256)
        for first in [0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
            let serial = try SerialNumber(bytes: [first, 2, 3])
            let known = try issue(authority, TestProfile.workflow(leaf.publicKey, serial: serial)).certificate
            let read = try Certificates.Certificate(der: known.der)
            #expect(known.serialNumber == read.serialNumber)
            #expect(known.issuer == read.issuer)
            #expect(known.subject == read.subject)
            #expect(known.notBeforeSeconds == read.notBeforeSeconds)
            #expect(known.notAfterSeconds == read.notAfterSeconds)
            #expect(known.subjectPublicKeyInfo == read.subjectPublicKeyInfo)
            #expect(known.subjectKeyIdentifier == read.subjectKeyIdentifier)
            #expect(known.isCA == read.isCA)
        }
    }

    @Test(arguments: FulcioRecording.all)
    func extensionsAreThoseOfFulcio(_ recording: FulcioRecording) throws {
        let authority = try TestAuthority.intermediate()
        let leaf = try SigningKey.generate(.p256)
        let issued = try issue(authority, profile(recording, leaf.publicKey))
        var found = try issued.certificate.extensions()
        let timestamps = try #require(found.last)
        found.removeLast()
        #expect(timestamps.identifier == "1.3.6.1.4.1.11129.2.4.2")
        #expect(!timestamps.isCritical)
        #expect(timestamps.value == [0x04, UInt8(TestProfile.sctList.count)] + TestProfile.sctList)
        let identifier = try #require(authority.certificate.subjectKeyIdentifier)
        #expect(found[2].identifier == "2.5.29.14")
        #expect(found[2].value == [0x04, 20] + leaf.publicKey.keyIdentifier)
        #expect(found[3].identifier == "2.5.29.35")
        #expect(found[3].value == [0x30, 22, 0x80, 20] + identifier)
        found.removeSubrange(2...3)
        #expect(found.map(\.identifier) == recording.extensions.map(\.identifier))
        #expect(found.map(\.isCritical) == recording.extensions.map(\.isCritical))
        #expect(found.map { hex($0.value) } == recording.extensions.map(\.hex))
    }

    private func profile(_ recording: FulcioRecording, _ key: PublicKey) throws -> CertificateProfile {
        var texts = IdentityExtensions()
        for item in recording.extensions.dropFirst(3) {
            let arc = try #require(item.identifier.split(separator: ".").last.flatMap { UInt8($0) })
            let content = bytes(item.hex)
            let id = try #require(CertificateExtensionID(lastArc: arc))
            texts[id] = String(decoding: arc <= 6 ? content[...] : content.dropFirst(2), as: UTF8.self)
        }
        let san: SubjectAlternativeName =
            switch recording.name {
            case "email-plain": .email("alice@example.com")
            case "identity-username-plain": .otherName("carol!127.0.0.1")
            default:
                .uri("https://github.com/acme-robotics/arm-controller/.github/workflows/ship.yaml@refs/tags/v1.4.0")
            }
        return CertificateProfile(
            serial: try .random(),
            notBeforeSeconds: TestAuthority.now,
            publicKey: key,
            san: san,
            extensions: texts
        )
    }

    @Test func precertificateHasPoisonLastAndNothingElseDiffers() throws {
        let authority = try TestAuthority.intermediate()
        let leaf = try SigningKey.generate(.p256)
        let issued = try issue(authority, TestProfile.workflow(leaf.publicKey))
        let before = try issued.precertificate.extensions()
        let after = try issued.certificate.extensions()
        #expect(before.dropLast() == after.dropLast())
        #expect(
            before.last == CertificateExtension(identifier: "1.3.6.1.4.1.11129.2.4.3", isCritical: true, value: [5, 0])
        )
        #expect(issued.precertificate.isPrecertificate)
        #expect(!issued.certificate.isPrecertificate)
        #expect(issued.precertificate.serialNumber == issued.certificate.serialNumber)
        #expect(try issued.certificate.precertificateTBS() == issued.tbs)
        #expect(try issued.precertificate.precertificateTBS() == issued.tbs)
        #expect(try issued.certificate.sctList() == TestProfile.sctList)
        #expect(try issued.precertificate.sctList() == nil)
    }

    @Test func fifteenExtensionsAreReadByTheOtherReader() throws {
        let authority = try TestAuthority.intermediate()
        let leaf = try SigningKey.generate(.p256)
        let issued = try issue(authority, TestProfile.workflow(leaf.publicKey))
        let reader = try X509.Certificate(derEncoded: issued.certificate.der)
        #expect(reader.version == .v3)
        #expect(reader.subject.isEmpty)
        #expect(reader.extensions.count == 15)
        #expect(try reader.extensions.keyUsage == KeyUsage(digitalSignature: true))
        #expect(try reader.extensions.extendedKeyUsage == ExtendedKeyUsage([.codeSigning]))
        #expect(try reader.extensions.basicConstraints == nil)
        #expect(Int64(reader.notValidBefore.timeIntervalSince1970) == TestAuthority.now)
        #expect(Int64(reader.notValidAfter.timeIntervalSince1970) == TestAuthority.now + 600)
    }

    @Test func authorityKeyIdentifierIsLeftOutIfTheAuthorityHasNone() throws {
        let key = try SigningKey.generate(.p256)
        let certificate = try TestCertificate(hasKeyIdentifier: false).make(key)
        let chain = try CertificateChain([certificate])
        let authority = TestAuthority(key: key, certificate: certificate, chain: chain)
        let issued = try issue(authority, TestProfile.email(SigningKey.generate(.p256).publicKey))
        #expect(try !issued.certificate.extensions().contains { $0.identifier == "2.5.29.35" })
        try issued.certificate.verify(issuedBy: certificate)
    }

    /// An issuer name in PrintableString must not come out as UTF8String: verifiers compare the bytes.
    @Test func issuerNameIsCopiedByteForByte() throws {
        let authority = try TestAuthority.root()
        let country = bytes("310b300906035504061302") + Array("XX".utf8)
        #expect(authority.certificate.subject.dropFirst(2).starts(with: country))
        let issued = try issue(authority, TestProfile.email(SigningKey.generate(.p256).publicKey))
        #expect(try Certificates.Certificate(der: issued.certificate.der).issuer == authority.certificate.subject)
    }

    /// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050; one second decides.
    @Test(
        arguments: [
            (1_795_500_000, "170d3236313132343036303030305a170d3236313132343036313030305a"),
            (2_524_607_999 - 600, "170d3439313233313233343935395a170d3439313233313233353935395a"),
            (2_524_608_000 - 600, "170d3439313233313233353030305a180f32303530303130313030303030305a"),
            (2_524_608_000, "180f32303530303130313030303030305a180f32303530303130313030313030305a"),
        ] as [(Int64, String)]
    )
    func timesChangeTheirTypeIn2050(_ seconds: Int64, _ times: String) throws {
        let key = try SigningKey.generate(.p256)
        let certificate = try TestCertificate(notAfter: 2_600_000_000).make(key)
        let authority = TestAuthority(key: key, certificate: certificate, chain: try CertificateChain([certificate]))
        let profile = try TestProfile.workflow(SigningKey.generate(.p256).publicKey, notBefore: seconds)
        let issued = try issue(authority, profile)
        #expect(hex(issued.certificate.der).contains(times))
    }

    // MARK: Refusals

    @Test func chainThatEndsBeforeTheLeafIsRefused() throws {
        let authority = try TestAuthority.intermediate()
        let signer = try authority.signer()
        let key = try SigningKey.generate(.p256).publicKey
        let end = authority.certificate.notAfterSeconds
        #expect(throws: CertificatesError.chain(.lifetimeTooShort(index: 0, remainingSeconds: 599))) {
            _ = try signer.precertificate(TestProfile.workflow(key, notBefore: end - 599))
        }
        #expect(throws: CertificatesError.chain(.expired(index: 0))) {
            _ = try signer.precertificate(TestProfile.workflow(key, notBefore: end + 1))
        }
        #expect(throws: CertificatesError.chain(.notYetValid(index: 0))) {
            _ = try signer.precertificate(
                TestProfile.workflow(key, notBefore: authority.certificate.notBeforeSeconds - 1)
            )
        }
        _ = try signer.precertificate(TestProfile.workflow(key, notBefore: end - 600))
    }

    @Test(arguments: [Int64.min, -1, Int64.max - 300, .max])
    func impossibleMomentsAreRefusedWithoutATrap(_ seconds: Int64) throws {
        let signer = try TestAuthority.intermediate().signer()
        let key = try SigningKey.generate(.p256).publicKey
        #expect(throws: CertificatesError.self) {
            _ = try signer.precertificate(TestProfile.workflow(key, notBefore: seconds))
        }
        #expect(throws: CertificatesError.timeOutOfRange(seconds: seconds)) {
            let certificate = try ToBeSigned.start(serial: .random())
            try certificate.setValidity(fromSeconds: seconds, toSeconds: 0)
        }
    }

    /// The builder has no opinion on the issuer extensions, so this refusal is the lint's: it came before the signature.
    @Test func nothingIsSignedThatTheLintRefuses() throws {
        let signer = try TestAuthority.intermediate().signer()
        let key = try SigningKey.generate(.p256).publicKey
        var extensions = IdentityExtensions(issuer: "https://example.com")
        extensions[.issuer] = "https://example.org"
        let profile = try CertificateProfile(
            serial: .random(),
            notBeforeSeconds: TestAuthority.now,
            publicKey: key,
            san: .email("a@example.com"),
            extensions: extensions
        )
        #expect(throws: CertificatesError.lint([.issuerExtensions])) { _ = try signer.precertificate(profile) }
    }

    @Test func nameMadePastTheMakersIsRefused() throws {
        let signer = try TestAuthority.intermediate().signer()
        let key = try SigningKey.generate(.p256).publicKey
        let profile = try CertificateProfile(
            serial: .random(),
            notBeforeSeconds: TestAuthority.now,
            publicKey: key,
            san: .email("ä@example.com"),
            extensions: IdentityExtensions(issuer: "https://example.com")
        )
        #expect(throws: CertificatesError.nameNotASCII) { _ = try signer.precertificate(profile) }
    }

    @Test(arguments: ["", "00", "0000", "000100", "00020000", "0003000141aa", "00040003aabb", "0003000141"])
    func malformedListsOfTimestampsAreRefused(_ list: String) throws {
        let signer = try TestAuthority.intermediate().signer()
        let profile = try TestProfile.email(SigningKey.generate(.p256).publicKey)
        let list = list == "0003000141" ? bytes(list) + [0] : bytes(list)
        #expect(throws: CertificatesError.unparsable(.sctList)) {
            _ = try signer.finish(signer.precertificate(profile), sctList: list)
        }
    }

    @Test func precertificateOfAnotherAuthorityIsRefused() throws {
        let profile = try TestProfile.email(SigningKey.generate(.p256).publicKey)
        let signer = try TestAuthority.intermediate().signer()
        let other = try TestAuthority.intermediate().signer()
        #expect(throws: CertificatesError.precertificateOfAnotherIssuer) {
            _ = try signer.finish(other.precertificate(profile), sctList: TestProfile.sctList)
        }
    }

    @Test func keyOfAnotherCertificateIsRefused() throws {
        let chain = try TestAuthority.intermediate().chain
        #expect(throws: CertificatesError.chain(.keyMismatch)) {
            _ = try CertificateSigner(key: .generate(.p256), chain: chain)
        }
    }

    @Test func manyThreadsMayIssueAtOnce() async throws {
        let authority = try TestAuthority.intermediate()
        let signer = try authority.signer()
        let key = try SigningKey.generate(.p256).publicKey
        try await withThrowingTaskGroup(of: Certificates.Certificate.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try signer.finish(
                        signer.precertificate(TestProfile.workflow(key)),
                        sctList: TestProfile.sctList
                    )
                }
            }
            for try await certificate in group { try certificate.verify(issuedBy: authority.certificate) }
        }
    }
}
