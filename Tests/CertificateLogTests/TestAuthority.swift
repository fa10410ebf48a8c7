import CertificateLog
import Certificates
import Keys
import Log
import Records
import Transparency

/// A CA with one certificate below its root, and precertificates of it.
struct TestAuthority {
    /// In seconds since 1970.
    static let now: Int64 = 1_795_500_000

    let chain: CertificateChain
    let signer: CertificateSigner

    init() throws {
        let rootKey = try SigningKey.generate(.p256)
        let key = try SigningKey.generate(.p256)
        let root = try AuthorityCertificates.root(
            name: AuthorityName(country: "XX", organization: "Example", commonName: "Root"),
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: Self.now - 86_400
        )
        let issuing = try AuthorityCertificates.intermediate(
            name: AuthorityName(country: nil, organization: "Example", commonName: "Issuing"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: .random(),
            notBeforeSeconds: Self.now - 3_600
        )
        chain = try CertificateChain([issuing, root])
        signer = try CertificateSigner(key: key, chain: chain)
    }

    var issuing: Certificate { chain.certificates[0] }
    var root: Certificate { chain.certificates[1] }

    func precertificate(for email: String = "jane@example.com") throws -> Precertificate {
        try signer.precertificate(
            CertificateProfile(
                serial: .random(),
                notBeforeSeconds: Self.now,
                publicKey: try SigningKey.generate(.p256).publicKey,
                san: SubjectAlternativeName(email: email),
                extensions: IdentityExtensions(issuer: "https://issuer.example.com")
            )
        )
    }
}

/// A precertificate as submitted, and what a log must make of it.
struct TestSubmission {
    let submission: PrecertificateSubmission
    let der: [UInt8]
    /// RFC 6962 §3.2: the issuer's key and the certificate without poison.
    let entry: CertificateEntry

    init(_ authority: TestAuthority, email: String = "jane@example.com", use: UseLimit? = nil) throws {
        let precertificate = try authority.precertificate(for: email)
        submission = PrecertificateSubmission(precertificate, record: .test(san: email), use: use)
        der = precertificate.der
        entry = .precertificate(
            issuerKeyHash: try authority.issuing.publicKey.sha256,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
    }
}

extension IssuanceRecord {
    static func test(san: String = "jane@example.com") -> IssuanceRecord {
        var record = IssuanceRecord(.issued, RequestID(text: san), at: EntryTimestamp(milliseconds: 0))
        record.san = san
        return record
    }
}
