public import Settings

/// The configured issuers, checked.
public struct IdentitySettings: Sendable {
    /// What the configuration asks for and doesn't get.
    public let warnings: [IdentityWarning]
    /// Each entry with what is written there, for the rooms that read their own keys of it.
    public let entries: [(id: IssuerEntryID, node: SettingsNode)]
    /// Reads the files that entries name, at start and again for every fetch.
    let readFile: FileReading
    private let exact: [IssuerURL: ConfiguredIssuer]
    private let patterns: [(pattern: IssuerPattern, issuer: ConfiguredIssuer)]

    /// Reads a whole Fulcio configuration, YAML or JSON, as it is (OIDC-2, OIDC-3). Throws ``SettingsError``.
    public static func parse(
        _ text: String,
        readFile: @escaping FileReading = { _ in nil }
    ) throws(SettingsError) -> IdentitySettings {
        let sections = try SettingsNode.parse(text).object(
            known: ["oidc-issuers", "meta-issuers", "ci-issuer-metadata"],
            unknownKeys: .ignored,
            spelling: .kebabOrCamel
        )
        return try IdentitySettings(sections: sections, unknownKeys: .ignored, readFile: readFile)
    }

    /// Reads the three sections `oidc-issuers`, `meta-issuers` and `ci-issuer-metadata`. Throws ``SettingsError`` for
    /// what OIDC-10…17 refuse, and for entries between which chance would choose (OIDC-23).
    public init(
        sections: SettingsObject,
        unknownKeys: UnknownKeys,
        readFile: @escaping FileReading = { _ in nil }
    ) throws(SettingsError) {
        var warnings: [IdentityWarning] = []
        var entries: [(id: IssuerEntryID, node: SettingsNode)] = []
        let providers = try CIProvider.all(sections["ci-issuer-metadata"], unknownKeys: unknownKeys)
        /// The issuers of a section; the value of a URL is an entry, or a list of entries.
        func issuers(_ section: String, isPattern: Bool) throws(SettingsError) -> [ConfiguredIssuer] {
            var issuers: [ConfiguredIssuer] = []
            var places: [String: SettingsNode] = [:]
            for (url, node) in try sections[section]?.mapping() ?? [] {
                var own: [(settings: IssuerSettings, node: SettingsNode)] = []
                for node in (try? node.list()) ?? [node] {
                    let settings = try IssuerSettings(
                        IssuerEntryID(entries.count),
                        url,
                        node,
                        isPattern: isPattern,
                        providers: providers,
                        unknownKeys: unknownKeys,
                        readFile: readFile
                    )
                    entries.append((settings.entry, node))
                    own.append((settings, node))
                    if settings.type == nil { warnings.append(.typeUnknown(issuer: url, type: settings.typeName)) }
                }
                guard let issuer = try ConfiguredIssuer(node, isPattern: isPattern, entries: own) else {
                    throw node.invalid("must have at least one entry")
                }
                // The key is the issuer's URL, but for a preset, which knows it.
                if let other = places.updateValue(node, forKey: issuer.url) {
                    throw node.invalid("the issuer \(issuer.url) stands at \(other.place) already")
                }
                issuers.append(issuer)
            }
            return issuers
        }
        let exact = try issuers("oidc-issuers", isPattern: false)
        let patterns = try issuers("meta-issuers", isPattern: true).map { (pattern: IssuerPattern($0.url), issuer: $0) }
        try Self.checkAmbiguity(exact, patterns)
        self.warnings = warnings
        self.entries = entries
        self.readFile = readFile
        self.exact = Dictionary(exact.map { (IssuerURL($0.url), $0) }) { first, _ in first }
        self.patterns = patterns
    }

    /// What clients may see, exact issuers first, each group in the order of the alphabet (API-45, API-46 [Q]): one row
    /// for each audience.
    public var publicRows: [IssuerRow] {
        let patterned = patterns.map(\.issuer).sorted { $0.url < $1.url }
        let issuers = exact.values.sorted { $0.url < $1.url } + patterned
        return issuers.flatMap(\.entries).flatMap(IssuerRow.rows)
    }

    /// The issuers' names and patterns that look most like this one, at most three.
    func nearest(to issuer: IssuerURL) -> [String] {
        NearestName.nearest(3, to: issuer.text, among: (exact.values + patterns.map(\.issuer)).map(\.url).sorted())
    }

    /// What is configured for a token's issuer (OIDC-21, OIDC-22): the exact issuer, else the only pattern that matches.
    func settings(for issuer: IssuerURL) -> ConfiguredIssuer? {
        exact[issuer] ?? patterns.first { $0.pattern.matches(issuer) }?.issuer
    }
}
