/// How keys are compared.
public enum KeySpelling: Sendable {
    /// Byte by byte.
    case exact
    /// `issuer-url` may also be spelt as JSON files spell it, `IssuerURL`, in any letter case (OIDC-2).
    case kebabOrCamel

    func matches(_ name: String, _ key: String) -> Bool {
        if name == key { return true }
        guard self == .kebabOrCamel, !name.contains("-") else { return false }
        return name.lowercased() == key.replacing("-", with: "").lowercased()
    }
}
