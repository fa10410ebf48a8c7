import COpenSSL
import Keys
import Wire

@testable import Certificates

/// A CA for tests, made with the room's own builder; each property can be made wrong.
struct TestAuthority {
    static let now: Int64 = 1_795_500_000

    let key: SigningKey
    let certificate: Certificate
    let chain: CertificateChain

    /// A root alone.
    static func root(_ algorithm: KeyAlgorithm = .p256) throws -> TestAuthority {
        let key = try SigningKey.generate(algorithm)
        let certificate = try AuthorityCertificates.root(
            name: AuthorityName(country: "XX", organization: "Example", commonName: "Root"),
            key: key,
            serial: .random(),
            notBeforeSeconds: now - 86_400
        )
        return TestAuthority(key: key, certificate: certificate, chain: try CertificateChain([certificate]))
    }

    /// An intermediate with its root.
    static func intermediate(_ algorithm: KeyAlgorithm = .p256) throws -> TestAuthority {
        let root = try root()
        let key = try SigningKey.generate(algorithm)
        let certificate = try AuthorityCertificates.intermediate(
            name: AuthorityName(country: nil, organization: "Example", commonName: "Intermediate"),
            publicKey: key.publicKey,
            issuer: root.certificate,
            issuerKey: root.key,
            serial: .random(),
            notBeforeSeconds: now - 3_600
        )
        return TestAuthority(
            key: key,
            certificate: certificate,
            chain: try CertificateChain([certificate, root.certificate])
        )
    }

    func signer() throws -> CertificateSigner { try CertificateSigner(key: key, chain: chain) }
}

/// Any CA certificate, good or bad.
struct TestCertificate {
    var subject = "Authority"
    var issuer: String?
    var notBefore = TestAuthority.now - 1_000
    var notAfter = TestAuthority.now + 1_000_000
    /// The content of basicConstraints.
    var constraints: [UInt8]? = [0x30, 0x03, 0x01, 0x01, 0xFF]
    /// The content of keyUsage.
    var usage: [UInt8]? = [0x03, 0x02, 0x01, 0x06]
    /// The last octet of the one `id-kp` purpose in extKeyUsage; 3 is codeSigning, 1 is serverAuth.
    var purpose: UInt8?
    var hasKeyIdentifier = true
    /// Whether it names its issuer's key too.
    var hasIssuerKeyIdentifier = false
    var extra: [(nid: Int32, isCritical: Bool, value: [UInt8])] = []

    /// Signs it with an issuer's key; by itself if there is none.
    func make(_ key: SigningKey, signedBy signer: SigningKey? = nil) throws -> Certificate {
        let certificate = try ToBeSigned.start(serial: .random())
        let signer = signer ?? key
        let algorithm = try SignatureAlgorithm(signer.scheme)
        try certificate.setSignatureAlgorithm(algorithm)
        try Self.name(issuer ?? subject).withHandle { name throws(CertificatesError) in
            try certificate.setIssuer(name)
        }
        try Self.name(subject).withHandle { name throws(CertificatesError) in try certificate.setSubject(name) }
        try certificate.setValidity(fromSeconds: notBefore, toSeconds: notAfter)
        try certificate.setPublicKey(key.publicKey)
        func append(_ nid: Int32, _ isCritical: Bool, _ value: [UInt8]?) throws {
            guard let value else { return }
            try certificate.append(ExtensionHandle(nid: nid, isCritical: isCritical, value: value))
        }
        try append(NID_basic_constraints, true, constraints)
        try append(NID_key_usage, true, usage)
        if let purpose {
            try append(
                NID_ext_key_usage,
                false,
                [0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, purpose]
            )
        }
        if hasKeyIdentifier { try certificate.append(.subjectKeyIdentifier(key.publicKey.keyIdentifier)) }
        if hasIssuerKeyIdentifier {
            try certificate.append(.authorityKeyIdentifier(signer.publicKey.keyIdentifier))
        }
        for (nid, isCritical, value) in extra { try append(nid, isCritical, value) }
        let tbs = try certificate.encoded()
        return try Certificate(der: algorithm.certificate(tbs: tbs, signature: signer.sign(tbs)))
    }

    private static func name(_ text: String) throws -> AuthorityName {
        try AuthorityName(country: nil, organization: "Example", commonName: text)
    }
}

/// What the leaves of the tests say.
enum TestProfile {
    /// Fifteen extensions with poison or timestamps: a GitHub workflow in short.
    static func workflow(
        _ key: PublicKey,
        serial: SerialNumber? = nil,
        notBefore: Int64 = TestAuthority.now
    ) throws -> CertificateProfile {
        var extensions = IdentityExtensions(issuer: "https://token.actions.githubusercontent.com")
        let repository = "https://github.com/example/tool"
        extensions[.gitHubWorkflowTrigger] = "push"
        extensions[.gitHubWorkflowSHA] = "30a12b3c4d5e6f0718293a4b5c6d7e8f90123456"
        extensions[.buildSignerURI] = repository + "/.github/workflows/release.yml@refs/tags/v1"
        extensions[.runnerEnvironment] = "github-hosted"
        extensions[.sourceRepositoryURI] = repository
        extensions[.runInvocationURI] = repository + "/actions/runs/42/attempts/1"
        extensions[.tokenSubject] = "repo:example/tool:ref:refs/tags/v1"
        return try CertificateProfile(
            serial: serial ?? .random(),
            notBeforeSeconds: notBefore,
            publicKey: key,
            san: SubjectAlternativeName(uri: repository + "/.github/workflows/release.yml@refs/tags/v1"),
            extensions: extensions
        )
    }

    static func email(_ key: PublicKey, _ email: String = "jane@example.com") throws -> CertificateProfile {
        try CertificateProfile(
            serial: .random(),
            notBeforeSeconds: TestAuthority.now,
            publicKey: key,
            san: SubjectAlternativeName(email: email),
            extensions: IdentityExtensions(issuer: "https://example.com")
        )
    }

    /// A well-formed list with one timestamp of the usual size (RFC 6962 §3.3); the log's signature is made up.
    static let sctList: [UInt8] = [0x00, 0x79, 0x00, 0x77] + [UInt8](repeating: 0xA5, count: 0x77)
}
