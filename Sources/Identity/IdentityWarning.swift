/// Something that the configuration asks for and doesn't get.
public enum IdentityWarning: Sendable, Equatable, CustomStringConvertible {
    /// The issuer's type isn't built: its tokens are refused as if it weren't configured.
    case typeNotBuilt(issuer: String, type: String)

    /// A sentence for operators.
    public var description: String {
        switch self {
        case .typeNotBuilt(let issuer, let type):
            "the issuer \(issuer) is of the type \(type), which isn't built yet: its tokens are refused"
        }
    }
}
