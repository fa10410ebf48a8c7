/// One extension of a certificate as it stands there (RFC 5280 §4.2).
public struct CertificateExtension: Sendable, Hashable {
    /// The object identifier in dotted form.
    public let identifier: String
    /// Whether a reader that does not know it must refuse the certificate.
    public let isCritical: Bool
    /// The content of `extnValue`.
    public let value: [UInt8]
}
