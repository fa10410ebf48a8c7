/// What a signer has done, for who watches.
public enum SigningStep: Sendable, Equatable {
    /// It has a certificate for its new key.
    case certificate(name: String, issuer: String)
    /// An authority has said when the signature was there.
    case timestamp(url: String)
    /// A log has recorded it.
    case entry(url: String, index: UInt64)
    /// All of it verifies against the trusted root.
    case verified
}
