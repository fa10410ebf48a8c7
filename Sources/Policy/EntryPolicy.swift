import Settings

/// What one issuer's entry says about its certificates.
struct EntryPolicy: Sendable {
    private static let keys = ["rules", "limits", "tokens"]
    private static let usesMax = 1_000_000

    let rules: RuleSet?
    let limits: IssuanceLimits?
    let tokenUses: TokenUses

    /// Reads the three keys of an entry; nil when it has none of them. They are found in whatever spelling Identity knows
    /// them: a rule that only one of the two rooms saw would be no rule.
    init?(_ entry: SettingsNode) throws(SettingsError) {
        let keys = try entry.restriction(known: Self.keys, unknownKeys: .ignored, spelling: .kebabOrCamel)
        rules = try keys["rules"].map { node throws(SettingsError) in try RuleSet(node) }
        limits = try keys["limits"].map { node throws(SettingsError) in
            try IssuanceLimits(node, entry: entry.path)
        }
        tokenUses = try keys["tokens"].map(Self.tokenUses) ?? .reusable
        if rules == nil, limits == nil, keys["tokens"] == nil { return nil }
    }

    private static func tokenUses(_ node: SettingsNode) throws(SettingsError) -> TokenUses {
        switch try node.string() {
        case "reusable": return .reusable
        case "once": return .limited(to: 1)
        default:
            guard let uses = try? node.integer(in: 1...usesMax) else {
                throw node.invalid("must be reusable, once, or a whole number from 1 to \(usesMax)")
            }
            return .limited(to: uses)
        }
    }
}
