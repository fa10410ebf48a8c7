public import Settings

/// The configured issuers, checked.
public struct IdentitySettings: Sendable {
    /// What the configuration asks for and doesn't get.
    public let warnings: [IdentityWarning]
    /// Each entry with what is written there, for the rooms that read their own keys of it.
    public let entries: [(id: IssuerEntryID, node: SettingsNode)]
    private let exact: [IssuerURL: IssuerSettings]
    private let patterns: [(pattern: IssuerPattern, settings: IssuerSettings)]

    /// Reads a whole Fulcio configuration, YAML or JSON, as it is (OIDC-2, OIDC-3). Throws ``SettingsError``.
    public static func parse(_ text: String) throws(SettingsError) -> IdentitySettings {
        let sections = try SettingsNode.parse(text).object(
            known: ["oidc-issuers", "meta-issuers", "ci-issuer-metadata"],
            unknownKeys: .ignored,
            spelling: .kebabOrCamel
        )
        return try IdentitySettings(sections: sections, unknownKeys: .ignored)
    }

    /// Reads the three sections `oidc-issuers`, `meta-issuers` and `ci-issuer-metadata`. Throws ``SettingsError`` for
    /// what OIDC-10…17 refuse.
    public init(sections: SettingsObject, unknownKeys: UnknownKeys) throws(SettingsError) {
        var warnings: [IdentityWarning] = []
        var entries: [(id: IssuerEntryID, node: SettingsNode)] = []
        var exact: [IssuerURL: IssuerSettings] = [:]
        for (url, node) in try sections["oidc-issuers"]?.mapping() ?? [] {
            let settings = try IssuerSettings(
                IssuerEntryID(entries.count),
                url,
                node,
                isPattern: false,
                unknownKeys: unknownKeys
            )
            entries.append((settings.entry, node))
            exact[IssuerURL(url)] = settings
            if settings.type == nil { warnings.append(.typeNotBuilt(issuer: url, type: settings.typeName)) }
        }
        var patterns: [(pattern: IssuerPattern, settings: IssuerSettings)] = []
        for (url, node) in try sections["meta-issuers"]?.mapping() ?? [] {
            let settings = try IssuerSettings(
                IssuerEntryID(entries.count),
                url,
                node,
                isPattern: true,
                unknownKeys: unknownKeys
            )
            entries.append((settings.entry, node))
            patterns.append((IssuerPattern(url), settings))
            if settings.type == nil { warnings.append(.typeNotBuilt(issuer: url, type: settings.typeName)) }
        }
        self.warnings = warnings
        self.entries = entries
        self.exact = exact
        self.patterns = patterns
    }

    /// What clients may see, exact issuers first, each group in the order of the alphabet (API-45, API-46 [Q]).
    public var publicRows: [IssuerRow] {
        let patterned = patterns.map(\.settings).sorted { $0.url < $1.url }
        return (exact.values.sorted { $0.url < $1.url } + patterned).map(IssuerRow.init)
    }

    /// The settings for a token's issuer (OIDC-21, OIDC-22): the exact entry, else the only pattern that matches. Two
    /// patterns that match one issuer accept none of its tokens, for Fulcio would choose between them by chance.
    func settings(for issuer: IssuerURL) -> IssuerSettings? {
        if let settings = exact[issuer] { return settings }
        let matching = patterns.filter { $0.pattern.matches(issuer) }
        return matching.count == 1 ? matching.first?.settings : nil
    }
}
