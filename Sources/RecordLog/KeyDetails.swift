public import Keys

/// The kinds of key that Rekor v2 takes, each with its one way to sign, by their names in Sigstore's algorithm registry
/// (`dev.sigstore.common.v1.PublicKeyDetails`).
///
/// `PKIX_ED25519_PH`, which Rekor v2 takes too, is none of them: OpenSSL has Ed25519ph from 3.2 on, and 3.0 is supported.
/// Pure Ed25519 can't be verified over a digest.
public enum KeyDetails: String, Sendable, CaseIterable {
    case rsa2048 = "PKIX_RSA_PKCS1V15_2048_SHA256"
    case rsa3072 = "PKIX_RSA_PKCS1V15_3072_SHA256"
    case rsa4096 = "PKIX_RSA_PKCS1V15_4096_SHA256"
    case p256 = "PKIX_ECDSA_P256_SHA_256"
    case p384 = "PKIX_ECDSA_P384_SHA_384"
    case p521 = "PKIX_ECDSA_P521_SHA_512"

    /// By their numbers, which protobuf's JSON mapping takes as well.
    static let names = Dictionary(uniqueKeysWithValues: allCases.map { ($0.number, $0.rawValue) })

    private var number: Int64 {
        switch self {
        case .rsa2048: 9
        case .rsa3072: 10
        case .rsa4096: 11
        case .p256: 5
        case .p384: 12
        case .p521: 13
        }
    }

    /// The kind of key.
    public var algorithm: KeyAlgorithm {
        switch self {
        case .rsa2048: .rsa(bits: 2048)
        case .rsa3072: .rsa(bits: 3072)
        case .rsa4096: .rsa(bits: 4096)
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }

    /// The digest that is signed.
    public var digest: DigestAlgorithm {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096, .p256: .sha256
        case .p384: .sha384
        case .p521: .sha512
        }
    }

    /// How the digest is signed.
    public var scheme: SignatureScheme { algorithm.usualScheme }
}
