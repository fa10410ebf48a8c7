public import Keys

/// What a certificate log holds an entry of (RFC 6962 §3.1).
public enum CertificateEntry: Sendable, Hashable {
    /// A whole certificate: its DER, 1 … 2^24 − 1 bytes.
    case x509(certificate: [UInt8])
    /// A certificate that is about to be signed: the SHA-256 hash of its issuer's SubjectPublicKeyInfo, and the DER of
    /// its TBSCertificate without the poison extension, 1 … 2^24 − 1 bytes.
    case precertificate(issuerKeyHash: SHA256Digest, tbsCertificate: [UInt8])
}
