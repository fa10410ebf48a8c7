public import Certificates
import Keys

/// A CA whose key the test has: an issuing certificate below a root.
public struct TwoTierAuthority: Sendable {
    /// When it issues, in seconds since 1970.
    public static let now: Int64 = 1_795_500_000

    /// Issuing, then root.
    public let chain: CertificateChain
    /// Signs with the issuing key.
    public let signer: CertificateSigner

    /// Makes both keys and certificates.
    public init() throws {
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

    /// The certificate that issues.
    public var issuing: Certificate { chain.certificates[0] }
    /// The root.
    public var root: Certificate { chain.certificates[1] }

    /// See ``Certificates/CertificateSigner/precertificate(for:serial:)``.
    public func precertificate(for email: String = "jane@example.com") throws -> Precertificate {
        try signer.precertificate(for: email)
    }
}

extension CertificateSigner {
    /// A precertificate for an email and a key of its own.
    public func precertificate(for email: String, serial: SerialNumber? = nil) throws -> Precertificate {
        try precertificate(
            CertificateProfile(
                serial: serial ?? .random(),
                notBeforeSeconds: TwoTierAuthority.now,
                publicKey: try SigningKey.generate(.p256).publicKey,
                san: SubjectAlternativeName(email: email),
                extensions: IdentityExtensions(issuer: "https://issuer.example.com")
            )
        )
    }
}
