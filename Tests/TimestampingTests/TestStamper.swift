import Certificates
import Keys
import Timestamping

/// A timestamp authority whose keys the test has: a leaf below a root.
struct TestStamper {
    /// When it signs, in seconds since 1970.
    static let now: Int64 = 1_795_500_000

    let key: SigningKey
    let rootKey: SigningKey
    let root: Certificate
    let chain: CertificateChain
    let authority: TimestampAuthority

    init(_ algorithm: KeyAlgorithm = .p256) throws {
        rootKey = try SigningKey.generate(.p256)
        key = try SigningKey.generate(algorithm)
        root = try AuthorityCertificates.root(
            name: AuthorityName(country: "XX", organization: "Example", commonName: "TSA root"),
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: Self.now - 86_400
        )
        let leaf = try AuthorityCertificates.timestamping(
            name: AuthorityName(country: nil, organization: "Example", commonName: "TSA"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: .random(),
            notBeforeSeconds: Self.now - 3_600
        )
        chain = try CertificateChain([leaf, root])
        authority = try TimestampAuthority(key: key, chain: chain, policy: TimestampPolicy(TimestampPolicy.sigstore))
    }
}
