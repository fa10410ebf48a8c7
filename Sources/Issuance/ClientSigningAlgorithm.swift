import Keys

/// A key and digest that a client may prove possession with, under sigstore's own name (POP-16, POP-17).
public enum ClientSigningAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// P-256 with SHA-256.
    case ecdsaP256SHA256 = "ecdsa-sha2-256-nistp256"
    /// P-384 with SHA-384.
    case ecdsaP384SHA384 = "ecdsa-sha2-384-nistp384"
    /// P-521 with SHA-512.
    case ecdsaP521SHA512 = "ecdsa-sha2-512-nistp521"
    /// RSA of 2048 bits, PKCS #1 v1.5 with SHA-256.
    case rsa2048SHA256 = "rsa-sign-pkcs1-2048-sha256"
    /// RSA of 3072 bits, PKCS #1 v1.5 with SHA-256.
    case rsa3072SHA256 = "rsa-sign-pkcs1-3072-sha256"
    /// RSA of 4096 bits, PKCS #1 v1.5 with SHA-256.
    case rsa4096SHA256 = "rsa-sign-pkcs1-4096-sha256"
    /// Ed25519, pure.
    case ed25519 = "ed25519"
    /// P-384 with SHA-256, in signing requests only; off unless configured.
    case ecdsaP384SHA256 = "ecdsa-sha2-256-nistp384"
    /// P-521 with SHA-256, in signing requests only; off unless configured.
    case ecdsaP521SHA256 = "ecdsa-sha2-256-nistp521"

    /// What is allowed unless the configuration says otherwise: one digest for each key.
    public static let defaults: Set<ClientSigningAlgorithm> = Set(allCases).subtracting([
        .ecdsaP384SHA256, .ecdsaP521SHA256,
    ])

    /// The algorithm of a key and the scheme of its signature; nil for pairs that have no name.
    init?(key: KeyAlgorithm, scheme: SignatureScheme) {
        switch (key, scheme) {
        case (.p256, .ecdsa(.sha256)): self = .ecdsaP256SHA256
        case (.p384, .ecdsa(.sha384)): self = .ecdsaP384SHA384
        case (.p521, .ecdsa(.sha512)): self = .ecdsaP521SHA512
        case (.p384, .ecdsa(.sha256)): self = .ecdsaP384SHA256
        case (.p521, .ecdsa(.sha256)): self = .ecdsaP521SHA256
        case (.rsa(bits: 2048), .rsaPKCS1(.sha256)): self = .rsa2048SHA256
        case (.rsa(bits: 3072), .rsaPKCS1(.sha256)): self = .rsa3072SHA256
        case (.rsa(bits: 4096), .rsaPKCS1(.sha256)): self = .rsa4096SHA256
        case (.ed25519, .ed25519): self = .ed25519
        default: return nil
        }
    }
}
