import Settings

extension IssuerSettings {
    private static let keys =
        KeySource.keys + [
            "issuer-url", "client-id", "type", "ci-provider", "issuer-claim", "subject-domain", "spiffe-trust-domain",
            "challenge-claim", "description", "contact", "environment", "skip-email-verification",
            "preset", "base-url",
            // Read by the room Policy.
            "rules", "limits", "tokens",
        ]

    /// Reads and checks one entry (OIDC-10…17).
    init(
        _ id: IssuerEntryID,
        _ url: String,
        _ node: SettingsNode,
        isPattern: Bool,
        providers: [String: CIProvider],
        unknownKeys: UnknownKeys,
        readFile: FileReading
    ) throws(SettingsError) {
        var keys = try node.object(known: Self.keys, unknownKeys: unknownKeys, spelling: .kebabOrCamel)
        // In a Fulcio configuration `preset` would be one of the keys that are read over.
        let preset = unknownKeys == .refused ? try Preset.named(in: keys) : nil
        if let preset {
            if isPattern { throw node.invalid("a preset is for one issuer, not for a pattern") }
            keys = keys.filled(with: preset.entry)
        }
        self.entry = id
        let url = url.contains("://") ? url : preset?.issuer ?? url
        self.url = url
        self.isPattern = isPattern
        if !isPattern, let named = try keys.string("issuer-url"), named != url {
            throw node.invalid("issuer-url must be the same as the key, for tokens are matched with both (OIDC-23)")
        }
        audiences = try Self.audiences(keys)
        typeName = try keys.required("type").string()
        subjectDomain = try keys.string("subject-domain")
        spiffeTrustDomain = try keys.string("spiffe-trust-domain")
        skipEmailVerification = try keys["skip-email-verification"]?.bool() ?? false
        let challenge = try keys.string("challenge-claim")
        challengeClaim = challenge ?? (typeName == "email" ? "email" : "sub")
        type = IssuerType(rawValue: typeName)
        if type == nil, challenge == nil {
            throw node.invalid("issuer missing challenge claim: the type '\(typeName)' is unknown")
        }
        provider = try CIProvider.named(keys, type: type, among: providers, preset: preset?.provider)
        issuerClaim = try Self.issuerClaim(keys, typeName, isPattern: isPattern)
        keySource = try KeySource(keys, url, type, isPattern: isPattern, readFile: readFile)
        if type == .uri, !isPattern { try Self.checkDomain(subjectDomain, url, node) }
        if type == .username, !isPattern { try Self.checkUserDomain(subjectDomain, url, node) }
        if type == .spiffe {
            if isPattern { throw node.invalid("SPIFFE meta issuers not supported") }
            try Self.checkTrustDomain(spiffeTrustDomain, node)
        }
    }

    /// OIDC-11
    private static func issuerClaim(
        _ entry: SettingsObject,
        _ type: String,
        isPattern: Bool
    ) throws(SettingsError) -> ClaimPath? {
        guard let node = entry["issuer-claim"] else { return nil }
        if type != "email", !isPattern { throw node.invalid("only email issuers can use issuer claim mapping") }
        guard let path = ClaimPath(try node.string()) else {
            throw node.invalid("must be a path such as $.federated_claims.connector_id")
        }
        return path
    }

    /// A text or a list of texts; a single empty text is Fulcio's way to have none.
    private static func audiences(_ entry: SettingsObject) throws(SettingsError) -> [String] {
        guard let node = entry["client-id"] else { return [] }
        guard let elements = try? node.list() else {
            let audience = try node.string()
            return audience.isEmpty ? [] : [audience]
        }
        var audiences: [String] = []
        for element in elements {
            let audience = try element.string()
            guard !audience.isEmpty else { throw element.invalid("an audience can't be empty") }
            audiences.append(audience)
        }
        return audiences
    }
}
