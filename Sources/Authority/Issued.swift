public import Issuance

/// A certificate, and for whom it was issued, for those who count.
public struct Issued: Sendable {
    /// The certificate.
    public let certificate: IssuedCertificate
    /// The type of its identity's issuer, such as `email`.
    public let issuerType: String
}
