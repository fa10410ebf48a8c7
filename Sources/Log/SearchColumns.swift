public import Keys

/// What an auditor searches certificates by. The log keeps these as given and draws no conclusion from them; whoever
/// needs certainty compares them with the entry itself.
public struct SearchColumns: Sendable, Hashable {
    /// SHA-256 of the logged certificate's DER.
    public let certificate: SHA256Digest
    /// The serial number, lower-case hexadecimal.
    public let serialHex: String
    /// Who vouched for the subject: the OIDC issuer.
    public let issuer: String
    /// The subject alternative name as text.
    public let subject: String
    /// When validity begins, seconds since 1970.
    public let notBeforeSeconds: Int64

    /// Puts the columns together.
    public init(
        certificate: SHA256Digest,
        serialHex: String,
        issuer: String,
        subject: String,
        notBeforeSeconds: Int64
    ) {
        self.certificate = certificate
        self.serialHex = serialHex
        self.issuer = issuer
        self.subject = subject
        self.notBeforeSeconds = notBeforeSeconds
    }
}
