/// A token that one of its issuer's keys has signed; what it says is not judged yet. Only ``TokenVerifier`` makes one.
public struct AuthenticatedToken: Sendable {
    /// The issuer's name of the key that signed it.
    public let keyID: String?
    let token: CompactToken
    let configured: ConfiguredIssuer

    /// The issuer.
    public var issuer: IssuerURL { token.issuer }

    /// The `sub`, if it is a text.
    public var subject: String? { token.claims["sub"]?.string }

    /// The type of the entry that its audience chooses, such as `email`; nil when it chooses none.
    public var issuerType: String? {
        guard let audiences = try? Claims(token.claims).audiences() else { return nil }
        return try? configured.entry(for: audiences).typeName
    }
}
