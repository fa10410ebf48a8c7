/// The kinds of key.
public enum KeyAlgorithm: Sendable, Hashable {
    /// ECDSA on NIST P-256.
    case p256
    /// ECDSA on NIST P-384.
    case p384
    /// ECDSA on NIST P-521.
    case p521
    /// Ed25519 (RFC 8032), pure.
    case ed25519
    /// RSA with a modulus of this many bits.
    case rsa(bits: Int)
}

extension KeyAlgorithm {
    /// How a key of this kind signs unless something else is said (CERT-12, POP-13): SHA-256 with P-256, SHA-384
    /// with P-384, SHA-512 with P-521, and with RSA of every size PKCS #1 v1.5 with SHA-256.
    public var usualScheme: SignatureScheme {
        switch self {
        case .p256: .ecdsa(.sha256)
        case .p384: .ecdsa(.sha384)
        case .p521: .ecdsa(.sha512)
        case .ed25519: .ed25519
        case .rsa: .rsaPKCS1(.sha256)
        }
    }
}
