import Identity
public import Issuance
import Policy
public import Transparency

/// A certificate, and for whom it was issued, for those who count.
public struct Issued: Sendable {
    /// The certificate.
    public let certificate: IssuedCertificate
    /// The log's proof that it holds the precertificate; nil from another's log, and where receipts are off.
    public let receipt: Receipt?
    /// The type of its identity's issuer, such as `email`.
    public let issuerType: String
    /// Whether the token has got a certificate before.
    public let isTokenReused: Bool
    /// Whether a rule that only reports would have refused it.
    public let isDenialReported: Bool

    init(
        _ certificate: IssuedCertificate,
        _ identity: VerifiedIdentity,
        _ permission: Permission,
        _ logged: LoggedPrecertificate
    ) {
        self.certificate = certificate
        receipt = logged.receipt
        issuerType = identity.issuerType
        isTokenReused = logged.use > 1
        isDenialReported = permission.isOnlyReported
    }
}
