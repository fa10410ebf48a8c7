public import Keys

/// Names of `PublicKeyDetails` in `sigstore_common.proto`: a kind of key together with how it signs.
public enum KeyDetails {
    /// The numbers of those that a trusted root may use here.
    static let names: [Int64: String] = [
        1: pkcs1, 5: "PKIX_ECDSA_P256_SHA_256", 7: "PKIX_ED25519", 9: "PKIX_RSA_PKCS1V15_2048_SHA256",
        10: "PKIX_RSA_PKCS1V15_3072_SHA256", 11: "PKIX_RSA_PKCS1V15_4096_SHA256", 12: "PKIX_ECDSA_P384_SHA_384",
        13: "PKIX_ECDSA_P521_SHA_512",
    ]

    /// An RSA key as an RSAPublicKey without anything around it; out of use, but in Sigstore's own staging root.
    static let pkcs1 = "PKCS1_RSA_PKCS1V5"

    /// How a log's key of this kind is called.
    public static func ofLog(_ algorithm: KeyAlgorithm) -> String {
        switch algorithm {
        case .p256: "PKIX_ECDSA_P256_SHA_256"
        case .p384: "PKIX_ECDSA_P384_SHA_384"
        case .p521: "PKIX_ECDSA_P521_SHA_512"
        case .ed25519: "PKIX_ED25519"
        case .rsa(let bits): "PKIX_RSA_PKCS1V15_\(bits)_SHA256"
        }
    }

    /// How the key of somebody who signs artifacts is called in a Rekor v2 entry: as a log's, but for Ed25519, of which
    /// such a log takes signatures over digests only.
    public static func ofSigner(_ algorithm: KeyAlgorithm) -> String {
        algorithm == .ed25519 ? "PKIX_ED25519_PH" : ofLog(algorithm)
    }
}
