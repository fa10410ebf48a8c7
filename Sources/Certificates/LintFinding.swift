/// One way in which a certificate that was about to be signed is not what it should be.
///
/// Extensions are named by their object identifier in dotted form.
public enum LintFinding: Equatable, Sendable {
    /// It is not the DER of a TBSCertificate, or a field cannot be read.
    case unreadable
    /// The version is not 3.
    case version
    /// The serial number is not the wanted one, not positive, or longer than 20 octets.
    case serialNumber
    /// The signature algorithm is not the one of the CA's key.
    case signatureAlgorithm
    /// The issuer is not the CA's subject, byte for byte.
    case issuer
    /// The first second of validity is not the wanted one.
    case notBefore
    /// The certificate is not valid for exactly 600 seconds.
    case lifetime
    /// A time is a GeneralizedTime before 2050 or a UTCTime from 2050 (RFC 5280 §4.1.2.5).
    case timeType
    /// The subject is not empty.
    case subject
    /// The key is not the proven one, byte for byte.
    case publicKey
    /// There is a field, such as a unique identifier, that has no place here.
    case unexpectedField
    /// An extension that should be there is not.
    case extensionMissing(String)
    /// An extension that should not be there is.
    case extensionUnexpected(String)
    /// An extension is there more than once.
    case extensionRepeated(String)
    /// The extensions are the right ones in another order.
    case extensionOrder
    /// An extension is critical and should not be, or the other way round.
    case extensionCriticality(String)
    /// The content of an extension is not what it should be.
    case extensionValue(String)
    /// The issuer extensions 1.1 and 1.8 are not both there with the same text.
    case issuerExtensions
    /// The certificate differs from its precertificate in more than the poison and the list of timestamps.
    case differsFromPrecertificate
}

extension LintFinding: CustomStringConvertible {
    /// A short name, safe to show.
    public var description: String {
        switch self {
        case .unreadable: "unreadable"
        case .version: "wrong version"
        case .serialNumber: "wrong serial number"
        case .signatureAlgorithm: "wrong signature algorithm"
        case .issuer: "wrong issuer"
        case .notBefore: "wrong start of validity"
        case .lifetime: "wrong lifetime"
        case .timeType: "wrong type of a time"
        case .subject: "subject is not empty"
        case .publicKey: "wrong public key"
        case .unexpectedField: "unexpected field"
        case .extensionMissing(let identifier): "extension \(identifier) missing"
        case .extensionUnexpected(let identifier): "extension \(identifier) unexpected"
        case .extensionRepeated(let identifier): "extension \(identifier) repeated"
        case .extensionOrder: "wrong order of extensions"
        case .extensionCriticality(let identifier): "wrong criticality of extension \(identifier)"
        case .extensionValue(let identifier): "wrong value of extension \(identifier)"
        case .issuerExtensions: "issuer extensions absent or unequal"
        case .differsFromPrecertificate: "differs from the precertificate"
        }
    }
}
