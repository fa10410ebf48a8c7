import COpenSSL
import Keys
import TestKit
import Testing
import Wire

@testable import Certificates

@Suite("Reading certificates: RFC 5280 §4.1, RFC 6962 §3.2, §3.3")
struct CertificateTests {
    private func foreign() throws -> [Certificate] {
        try CertificateChain(pem: Array(ForeignChain.pem.utf8)).certificates
    }

    @Test func fieldsOfAForeignLeafAreRead() throws {
        let leaf = try foreign()[0]
        #expect(hex(leaf.serialNumber) == "2a55063f579e5c5fccc61ccd03b694ba8250a5b9")
        #expect(leaf.notBeforeSeconds == 1_795_472_601)
        #expect(leaf.notAfterSeconds == 1_795_473_201)
        #expect(leaf.subject == [0x30, 0])
        #expect(!leaf.isCA)
        #expect(leaf.fingerprint.hex == "55ed121500007b337ded6d8c52ecbd72532cc079895ea9fbb154b780d44a8516")
        #expect(try leaf.publicKey.algorithm == .p256)
        #expect(leaf.subjectKeyIdentifier.map { hex($0) } == "1a050b7202f83b10fbef6ec64c1552d694aad846")
        #expect(try leaf.subjectAlternativeNames() == [.email("alice@example.com")])
        #expect(try leaf.identityExtensions() == IdentityExtensions(issuer: "http://127.0.0.1:8750/oidc"))
        #expect(try leaf.extensions().map(\.identifier).prefix(3) == ["2.5.29.15", "2.5.29.37", "2.5.29.14"])
    }

    @Test func fieldsOfAForeignAuthorityAreRead() throws {
        let chain = try foreign()
        #expect(chain[1].isCA)
        #expect(chain[1].issuer == chain[2].subject)
        #expect(chain[2].issuer == chain[2].subject)
        #expect(try chain[2].publicKey.algorithm == .p384)
        #expect(try chain[1].subjectAlternativeNames() == [])
        #expect(try chain[1].sctList() == nil)
        #expect(chain[0].isValid(atSeconds: ForeignChain.seconds))
        #expect(chain[0].isValid(atSeconds: ForeignChain.seconds + 600))
        #expect(!chain[0].isValid(atSeconds: ForeignChain.seconds + 601))
        #expect(!chain[0].isValid(atSeconds: ForeignChain.seconds - 1))
    }

    // MARK: Issuer

    @Test func eachForeignCertificateVerifiesToTheNext() throws {
        let chain = try foreign()
        try chain[0].verify(issuedBy: chain[1])
        try chain[1].verify(issuedBy: chain[2])
        try chain[2].verify(issuedBy: chain[2])
    }

    @Test func wrongIssuersAreRefused() throws {
        let chain = try foreign()
        #expect(throws: CertificatesError.issuerMismatch) { try chain[0].verify(issuedBy: chain[2]) }
        #expect(throws: CertificatesError.issuerMismatch) { try chain[1].verify(issuedBy: chain[0]) }
        // The same name and no key identifiers, but another key.
        let key = try SigningKey.generate(.p256)
        let root = try TestCertificate(hasKeyIdentifier: false).make(key)
        let child = try TestCertificate(subject: "Child", issuer: "Authority").make(.generate(.p256), signedBy: key)
        try child.verify(issuedBy: root)
        let impostor = try TestCertificate(hasKeyIdentifier: false).make(.generate(.p256))
        #expect(throws: CertificatesError.signatureInvalid) { try child.verify(issuedBy: impostor) }
        let mute = try TestCertificate(usage: [0x03, 0x02, 0x01, 0x02], hasKeyIdentifier: false).make(key)
        #expect(throws: CertificatesError.issuerMismatch) { try child.verify(issuedBy: mute) }
    }

    @Test func changedCertificateIsRefused() throws {
        let chain = try foreign()
        let place = try #require(firstPlace(of: Array("alice@".utf8), in: chain[0].der))
        var changed = chain[0].der
        changed[place] = UInt8(ascii: "b")
        #expect(throws: CertificatesError.signatureInvalid) {
            try Certificate(der: changed).verify(issuedBy: chain[1])
        }
    }

    private func firstPlace(of part: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: part) }
    }

    // MARK: Timestamps

    @Test func timestampOfAForeignLogVerifiesOverTheRebuiltBytes() throws {
        let chain = try foreign()
        let tbs = try chain[0].precertificateTBS()
        #expect(SHA256Digest(hashing: tbs).hex == ForeignChain.precertificateTBSHash)
        let logKey = try PublicKey(subjectPublicKeyInfo: Base64.decode(ForeignChain.logKey))
        // SignedCertificateTimestampList with one element (RFC 6962 §3.2, §3.3).
        var list = TLSReader(try #require(try chain[0].sctList()))
        var outer = TLSReader(try list.vector16())
        var timestamp = TLSReader(try outer.vector16())
        #expect(try timestamp.u8() == 0)
        #expect(try timestamp.bytes(32) == logKey.sha256.bytes)
        let milliseconds = try timestamp.u64()
        let extensions = try timestamp.vector16()
        #expect(try timestamp.u16() == 0x0403)
        let signature = try timestamp.vector16()
        var signed = TLSWriter()
        signed.u16(0)
        signed.u64(milliseconds)
        signed.u16(1)
        signed.bytes(try chain[1].publicKey.sha256.bytes)
        try signed.vector24(tbs)
        try signed.vector16(extensions)
        try logKey.verify(signature, over: signed.bytes, with: .ecdsa(.sha256))
    }

    @Test func certificateWithoutTimestampsIsItsOwnPrecertificate() throws {
        let root = try foreign()[2]
        let tbs = try root.precertificateTBS()
        #expect(root.der.dropFirst(4).starts(with: tbs))
    }

    /// A BER certificate parses, but its signed bytes cannot be rebuilt: a length is in one octet more than it needs.
    @Test func whatIsNotDERIsNotRebuilt() throws {
        let der = try foreign()[2].der
        #expect(der[1] == 0x82 && der[4...5] == [0x30, 0x82] && der[3] < 0xFF)
        let changed = [0x30, 0x82, der[2], der[3] + 1, 0x30, 0x83, 0] + der.dropFirst(6)
        let certificate = try Certificate(der: changed)
        #expect(throws: CertificatesError.unparsable(.notCanonical)) { _ = try certificate.precertificateTBS() }
    }

    @Test(arguments: ["", "00", "0401", "0400", "04020000", "0405000300010100", "04040003000141", "0c050003000141"])
    func malformedListsOfTimestampsAreRefused(_ value: String) throws {
        let certificate = try TestCertificate(extra: [(NID_ct_precert_scts, false, bytes(value))]).make(
            .generate(.p256)
        )
        #expect(throws: CertificatesError.unparsable(.sctList)) { _ = try certificate.sctList() }
    }

    @Test func repeatedExtensionsAreRefused() throws {
        let value = bytes("0405000300014100").dropLast()
        let certificate = try TestCertificate(
            extra: [(NID_ct_precert_scts, false, Array(value)), (NID_ct_precert_scts, false, Array(value))]
        ).make(.generate(.p256))
        #expect(throws: CertificatesError.unparsable(.certificate)) { _ = try certificate.sctList() }
        #expect(throws: CertificatesError.unparsable(.certificate)) { _ = try certificate.precertificateTBS() }
    }

    /// Two readers that take one of two issuers each would be told different things.
    @Test func repeatedOrMalformedIdentitiesAreRefused() throws {
        let authority = try TestAuthority.intermediate()
        let profile = try TestProfile.email(SigningKey.generate(.p256).publicKey)
        let good = try BrokenTBS(authority.signer().precertificate(profile).tbsWithoutPoison)
        func read(_ fault: (inout BrokenTBS) throws -> Void) throws -> IdentityExtensions {
            var tbs = good
            try fault(&tbs)
            let der = try SignatureAlgorithm(.ecdsa(.sha256)).certificate(tbs: tbs.encoded, signature: [0])
            return try Certificate(der: der).identityExtensions()
        }
        #expect(try read { _ in } == profile.extensions)
        let issuerV2 = "1.3.6.1.4.1.57264.1.8"
        let place = try good.place(issuerV2)
        let faults: [(inout BrokenTBS) throws -> Void] = [
            { $0.extensions.append($0.extensions[place]) },
            { try $0.change(place, value: { Array($0.dropFirst(2)) }) },
            { try $0.change(place, value: { $0 + [0x61] }) },
            { try $0.change(place, value: { [0x13] + $0.dropFirst() }) },
            { try $0.change(place, value: { _ in [0x0C, 1, 0xFF] }) },
            { try $0.change(place, value: { _ in [] }) },
        ]
        for fault in faults {
            #expect(throws: CertificatesError.unparsable(.extension(issuerV2))) { _ = try read(fault) }
        }
    }

    // MARK: Encodings

    @Test func pemIsWrittenAsItWasRead() throws {
        let chain = try CertificateChain(pem: Array(ForeignChain.pem.utf8))
        #expect(chain.pem == ForeignChain.pem)
        #expect(chain.certificates[1].pem.hasSuffix("-----END CERTIFICATE-----\n"))
        #expect(try Certificate(pem: Array(chain.certificates[1].pem.utf8)) == chain.certificates[1])
    }

    @Test func otherPEMIsRefused() throws {
        let key = PEMBlock(label: "PUBLIC KEY", bytes: [1, 2, 3]).text
        #expect(throws: CertificatesError.unparsable(.pem)) { _ = try Certificate(pem: Array(key.utf8)) }
        #expect(throws: CertificatesError.unparsable(.pem)) { _ = try Certificate(pem: []) }
        let both = Array((ForeignChain.pem + key).utf8)
        #expect(throws: CertificatesError.unparsable(.pem)) { _ = try CertificateChain(pem: both) }
        #expect(throws: CertificatesError.chain(.empty)) { _ = try CertificateChain(pem: Array("nothing".utf8)) }
    }

    @Test func bytesAfterTheCertificateAreRefused() throws {
        let der = try foreign()[0].der
        #expect(throws: CertificatesError.unparsable(.certificate)) { _ = try Certificate(der: der + [0]) }
        #expect(throws: CertificatesError.unparsable(.certificate)) { _ = try Certificate(der: der.dropLast()) }
        #expect(throws: CertificatesError.unparsable(.certificate)) { _ = try Certificate(der: []) }
    }

    /// Whatever the damage, each reader answers or throws.
    @Test func damagedCertificatesDoNotTrap() throws {
        let chain = try foreign()
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            var der = chain[0].der
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                der[Int.random(in: der.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let certificate = try? Certificate(der: der) else { continue }
            _ = try? certificate.extensions()
            _ = try? certificate.identityExtensions()
            _ = try? certificate.subjectAlternativeNames()
            _ = try? certificate.sctList()
            _ = try? certificate.precertificateTBS()
            _ = try? certificate.publicKey
            _ = certificate.isPrecertificate
            try? certificate.verify(issuedBy: chain[1])
        }
    }

    @Test(arguments: FulcioRecording.all)
    func identityIsReadBackAsItWasIssued(_ recording: FulcioRecording) throws {
        let signer = try TestAuthority.intermediate().signer()
        let leaf = try SigningKey.generate(.p256)
        var extensions = IdentityExtensions()
        for id in CertificateExtensionID.allCases { extensions[id] = "text of \(id.name), ünïcode 🪰" }
        extensions[.issuerV2] = extensions[.issuer]
        let names: [SubjectAlternativeName] = [
            .email("jane@example.com"), .uri("https://example.com/?a=b"), .otherName("jäne!example.com"),
        ]
        for name in names {
            let profile = try CertificateProfile(
                serial: .random(),
                notBeforeSeconds: TestAuthority.now,
                publicKey: leaf.publicKey,
                san: name,
                extensions: extensions
            )
            let issued = try signer.finish(signer.precertificate(profile), sctList: TestProfile.sctList)
            #expect(try issued.subjectAlternativeNames() == [name])
            #expect(try issued.identityExtensions() == extensions)
        }
    }
}
