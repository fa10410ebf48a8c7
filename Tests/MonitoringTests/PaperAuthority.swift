import Certificates
import Keys

/// A CA whose key the test has.
struct PaperAuthority {
    static let now: Int64 = 1_795_500_000

    struct Made {
        let der: [UInt8]
        let tbs: [UInt8]
    }

    let chain: [Certificate]
    let signer: CertificateSigner

    init(chain: [Certificate], signer: CertificateSigner) {
        self.chain = chain
        self.signer = signer
    }

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
        chain = [issuing, root]
        signer = try CertificateSigner(key: key, chain: try CertificateChain(chain))
    }

    func make(_ email: String = "jane@example.com", serial: SerialNumber? = nil) throws -> Made {
        let precertificate = try signer.precertificate(
            CertificateProfile(
                serial: serial ?? .random(),
                notBeforeSeconds: Self.now,
                publicKey: try SigningKey.generate(.p256).publicKey,
                san: SubjectAlternativeName(email: email),
                extensions: IdentityExtensions(issuer: "https://issuer.example.com")
            )
        )
        return Made(der: precertificate.der, tbs: precertificate.tbsWithoutPoison)
    }
}
