/// How a signature is made.
public enum SignatureScheme: Sendable, Hashable {
    /// ECDSA over a digest.
    case ecdsa(DigestAlgorithm)
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1(DigestAlgorithm)
    /// RSASSA-PSS (RFC 8017 §8.1) with MGF1 over the same digest and a salt as long as the digest.
    case rsaPSS(DigestAlgorithm)
    /// Ed25519 over the message itself.
    case ed25519
}

extension SignatureScheme {
    /// The digest that it is over; nil where the scheme has none to choose.
    public var digest: DigestAlgorithm? {
        switch self {
        case .ecdsa(let digest), .rsaPKCS1(let digest), .rsaPSS(let digest): digest
        case .ed25519: nil
        }
    }
}
