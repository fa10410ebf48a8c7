public import Certificates

/// Why a certificate isn't that of whom was expected (step E).
public enum IdentityProblem: Error, Equatable, Sendable {
    /// An identity is expected, and the bundle was signed with a key and no certificate.
    case certificateMissing
    /// A key is expected, and the bundle was signed with a certificate.
    case certificateUnexpected
    /// The certificate's names or extensions can't be read, or contradict each other.
    case unreadable
    /// The certificate names nobody.
    case nameMissing
    /// It names somebody else.
    case nameMismatch(expected: String, found: String)
    /// It doesn't say who identified its holder.
    case issuerMissing
    /// Somebody else identified its holder.
    case issuerMismatch(expected: String, found: String)
    /// It lacks an extension that is expected.
    case extensionMissing(CertificateExtensionID, expected: String)
    /// One of its extensions says something else than is expected.
    case extensionMismatch(CertificateExtensionID, expected: String, found: String)
}

extension IdentityProblem: CustomStringConvertible {
    /// One line. It holds what the certificate says: for a terminal it must be escaped.
    public var description: String {
        switch self {
        case .certificateMissing: "it was signed with a key, not with a certificate that names somebody"
        case .certificateUnexpected: "it was signed with a certificate, not with the key"
        case .unreadable: "the certificate's names or extensions can't be read"
        case .nameMissing: "the certificate names nobody"
        case .nameMismatch(let expected, let found): "expected \(expected), and the certificate names \(found)"
        case .issuerMissing: "the certificate doesn't say who identified its holder"
        case .issuerMismatch(let expected, let found):
            "expected the issuer \(expected), and the certificate says \(found)"
        case .extensionMissing(let id, let expected):
            "expected \(id.name) \(expected), and the certificate doesn't say it"
        case .extensionMismatch(let id, let expected, let found):
            "expected \(id.name) \(expected), and the certificate says \(found)"
        }
    }
}
