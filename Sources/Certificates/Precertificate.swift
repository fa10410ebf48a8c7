public import Keys

/// A signed and linted precertificate, waiting for its timestamp; finishing it uses it up.
public struct Precertificate: ~Copyable, Sendable {
    /// The signed precertificate with its poison, as a log wants it (RFC 6962 §3.1).
    public let der: [UInt8]
    /// The TBSCertificate without poison: exactly what the timestamp covers (RFC 6962 §3.2).
    public let tbsWithoutPoison: [UInt8]
    /// SHA-256 of the issuing CA's key, which the timestamp covers too.
    public let issuerKeyHash: SHA256Digest
    /// What the certificate says.
    public let profile: CertificateProfile

    /// The OpenSSL object, without poison and without timestamps.
    let certificate: ToBeSigned

    init(
        der: [UInt8],
        tbsWithoutPoison: [UInt8],
        issuerKeyHash: SHA256Digest,
        profile: CertificateProfile,
        certificate: consuming ToBeSigned
    ) {
        self.der = der
        self.tbsWithoutPoison = tbsWithoutPoison
        self.issuerKeyHash = issuerKeyHash
        self.profile = profile
        self.certificate = certificate
    }
}
