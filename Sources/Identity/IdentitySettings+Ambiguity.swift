import Settings

extension IdentitySettings {
    /// OIDC-23: refuses what would leave it to chance which entry accepts a token. Two patterns that share an issuer, and
    /// a pattern that matches an exact issuer of another type; one of the same type only yields to it (OIDC-22).
    static func checkAmbiguity(
        _ exact: [ConfiguredIssuer],
        _ patterns: [(pattern: IssuerPattern, issuer: ConfiguredIssuer)]
    ) throws(SettingsError) {
        for (index, (pattern, issuer)) in patterns.enumerated() {
            for (other, earlier) in patterns.prefix(index) where other.intersects(pattern) {
                throw issuer.node.invalid("some issuers match both this and \(earlier.node.place)")
            }
            for named in exact where pattern.matches(IssuerURL(named.url)) {
                let types = Set((issuer.entries + named.entries).map(\.typeName))
                guard types.count > 1 else { continue }
                throw issuer.node.invalid("also matches \(named.node.place), which is of another type")
            }
        }
    }
}
