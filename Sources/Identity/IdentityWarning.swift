/// Something that the configuration asks for and doesn't get.
public enum IdentityWarning: Sendable, Equatable, CustomStringConvertible {
    /// Nobody knows the issuer's type: its tokens are refused as if it weren't configured (OIDC-15).
    case typeUnknown(issuer: String, type: String)

    /// A sentence for operators.
    public var description: String {
        switch self {
        case .typeUnknown(let issuer, let type):
            "the issuer \(issuer) is of the type \(type), which is unknown: its tokens are refused"
        }
    }
}
