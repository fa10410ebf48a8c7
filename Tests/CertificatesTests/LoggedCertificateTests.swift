import Keys
import Testing

@testable import Certificates

@Suite("Precertificates that were found in a log")
struct LoggedCertificateTests {
    let authority: TestAuthority
    let precertificate: Certificate
    let withoutPoison: [UInt8]
    let profile: CertificateProfile

    init() throws {
        authority = try TestAuthority.intermediate()
        profile = CertificateProfile(
            serial: try .random(),
            notBeforeSeconds: TestAuthority.now,
            publicKey: try SigningKey.generate(.p256).publicKey,
            san: try SubjectAlternativeName(email: "jane@example.com"),
            extensions: IdentityExtensions(issuer: "https://issuer.example.com")
        )
        let made = try authority.signer().precertificate(profile)
        precertificate = try Certificate(der: made.der)
        withoutPoison = made.tbsWithoutPoison
    }

    private func check(_ certificate: Certificate, withoutPoison: [UInt8]) throws -> CertificateProfile {
        try CertificateLint.checkLogged(
            certificate,
            withoutPoison: withoutPoison,
            issuer: authority.certificate,
            scheme: authority.key.scheme
        )
    }

    @Test("one that was issued is found to say what it was made of")
    func sound() throws {
        #expect(try check(precertificate, withoutPoison: withoutPoison) == profile)
        try precertificate.verify(signedBy: authority.key.publicKey)
    }

    @Test("one of another CA, with another leaf or without poison, is a finding")
    func findings() throws {
        let other = try TestAuthority.intermediate()
        let foreign = try Certificate(der: try other.signer().precertificate(profile).der)
        #expect(throws: CertificatesError.self) { try check(foreign, withoutPoison: withoutPoison) }
        #expect(throws: CertificatesError.lint([.differsFromPrecertificate])) {
            try check(precertificate, withoutPoison: [0x30, 0x00])
        }
        #expect(throws: CertificatesError.self) {
            try check(authority.certificate, withoutPoison: withoutPoison)
        }
    }

    @Test("no byte of a certificate can be changed and still be signed")
    func signature() throws {
        let other = try SigningKey.generate(.p256).publicKey
        #expect(throws: CertificatesError.signatureInvalid) { try precertificate.verify(signedBy: other) }
        for place in precertificate.der.indices {
            var bad = precertificate.der
            bad[place] ^= 0x01
            guard let certificate = try? Certificate(der: bad) else { continue }
            #expect(throws: CertificatesError.self) { try certificate.verify(signedBy: authority.key.publicKey) }
        }
    }
}
