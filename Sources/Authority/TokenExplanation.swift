public import Identity
public import Policy

/// What an authority with a given configuration would say to a token, without being opened: no key, log, database or
/// network is asked.
///
/// Not judged is what the token alone doesn't decide: a signature whose keys are fetched, limits and uses (they depend on
/// what was issued before), and the proof of the key.
public struct TokenExplanation: Sendable {
    /// The file that the issuers stand in, as the operator named it.
    public let issuersFile: String
    /// When it is judged, in seconds since 1970.
    public let nowSeconds: Int64
    /// What the token's verifier would say.
    public let preview: TokenPreview
    /// What the rules say; nil when no entry is the token's.
    public let rules: RuleTrace?
    /// What is counted of the entry's certificates.
    public let limits: IssuanceLimits?
    /// How many certificates the token may get.
    public let tokenUses: TokenUses

    /// Reads the configuration of a data directory and judges the token by it. Throws `.file` and `.configuration`.
    public init(
        of token: IDToken,
        by directory: DataDirectory,
        files: ConfigurationFiles,
        nowSeconds: Int64
    ) throws(AuthorityError) {
        let text = try ConfigurationText(directory, files: files)
        let settings = try AuthoritySettings(text, directory: directory)
        issuersFile = text.identityFile ?? text.mainFile
        self.nowSeconds = nowSeconds
        preview = settings.identity.preview(token, now: nowSeconds)
        guard let entry = preview.entry?.id, let claims = preview.claims else {
            (rules, limits, tokenUses) = (nil, nil, .reusable)
            return
        }
        rules = settings.policy.explain(entry, claims: claims)
        limits = settings.policy.limits(of: entry)
        tokenUses = settings.policy.tokenUses(of: entry)
    }

    /// Why no certificate would be issued: the first refusal in the order of issuance.
    public var refusal: AuthorityError? {
        if let error = preview.refusal { return .identity(error) }
        return rules?.refusal.map { .policy($0) }
    }
}

extension RuleTrace {
    /// What a request is refused with, if the rules deny it and are enforced.
    public var refusal: PolicyError? {
        decision == .deny && isEnforced ? .denied(rule: rule) : nil
    }
}
