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
