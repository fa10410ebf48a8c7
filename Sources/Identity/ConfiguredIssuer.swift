import Settings

/// All that is configured for one URL or pattern: where its keys come from, and its entries, told apart by audience.
struct ConfiguredIssuer: Sendable {
    /// The issuer, or the pattern of several.
    let url: String
    /// Whether `url` is a pattern.
    let isPattern: Bool
    /// What is written for the URL.
    let node: SettingsNode
    /// Where the keys come from.
    let keySource: KeySource
    /// The entries, no two of which share an audience.
    let entries: [IssuerSettings]

    /// Checks that the entries go together; nil without any. `nodes` is where each is written.
    init?(
        _ node: SettingsNode,
        isPattern: Bool,
        entries: [(settings: IssuerSettings, node: SettingsNode)]
    ) throws(SettingsError) {
        guard let first = entries.first else { return nil }
        var audiences: [String: SettingsNode] = [:]
        for entry in entries {
            guard entry.settings.url == first.settings.url else {
                throw entry.node.invalid(
                    "is for \(entry.settings.url), and \(first.node.place) for \(first.settings.url)"
                )
            }
            guard entry.settings.keySource == first.settings.keySource else {
                throw entry.node.invalid(
                    "must say the same as \(first.node.place) about \(KeySource.keys.joined(separator: ", ")): "
                        + "an issuer has one set of keys"
                )
            }
            for audience in entry.settings.audiences {
                if let other = audiences.updateValue(entry.node, forKey: audience) {
                    throw entry.node.invalid("has the audience \(audience), which \(other.place) has already")
                }
            }
        }
        url = first.settings.url
        self.isPattern = isPattern
        self.node = node
        self.keySource = first.settings.keySource
        self.entries = entries.map(\.settings)
    }

    /// The entry for a token with these audiences (OIDC-31). Throws `.audienceMismatch`, and `.audienceAmbiguous` for a
    /// token that is meant for two entries: which of them was asked can't be told.
    func entry(for audiences: [String]) throws(IdentityError) -> IssuerSettings {
        // Byte by byte, which Swift's own comparison isn't.
        let accepting = entries.filter { entry in
            entry.audiences.contains { own in audiences.contains { $0.utf8.elementsEqual(own.utf8) } }
        }
        guard let entry = accepting.first else { throw .audienceMismatch(expected: entries.flatMap(\.audiences)) }
        guard accepting.count == 1 else { throw .audienceAmbiguous }
        return entry
    }
}

extension SettingsNode {
    /// Where to look for another value that an error names.
    var place: String { "\(path) in line \(line)" }
}
