public import Identity
public import Settings
public import Wire

/// Who of those that are identified may have a certificate, how many, and how often with one token.
public struct IssuancePolicy: Sendable {
    /// By the entry's index; nil for entries that say nothing.
    private let entries: [EntryPolicy?]

    /// Reads the keys `rules`, `limits` and `tokens` of all entries, as ``IdentitySettings/entries`` gives them.
    /// Throws ``SettingsError`` for everything that isn't exactly as documented.
    public init(entries: [(id: IssuerEntryID, node: SettingsNode)]) throws(SettingsError) {
        var policies: [EntryPolicy?] = Array(repeating: nil, count: (entries.map(\.id.index).max() ?? -1) + 1)
        for (id, node) in entries { policies[id.index] = try EntryPolicy(node) }
        self.entries = policies
    }

    /// Decides about a certificate, and counts it: first the rules, then the limits. Throws ``PolicyError``.
    ///
    /// The identity must come from the same reading of the configuration as this policy, for it names its entry by
    /// place. `nowMilliseconds` is of a clock that never goes back.
    public func permit(
        _ identity: VerifiedIdentity,
        limiter: RateLimiter,
        nowMilliseconds: Int64
    ) throws(PolicyError) -> Permission {
        try permit(
            identity.entry,
            issuer: identity.issuer.text,
            subject: identity.subject.isEmpty ? identity.san.text : identity.subject,
            claims: identity.claims,
            limiter: limiter,
            now: nowMilliseconds
        )
    }

    /// The same for claims that nobody has verified.
    func permit(
        _ entry: IssuerEntryID,
        issuer: String,
        subject: String,
        claims: JSON,
        limiter: RateLimiter,
        now: Int64
    ) throws(PolicyError) -> Permission {
        guard let policy = self[entry] else {
            return Permission(rule: nil, isOnlyReported: false, tokenUses: .reusable)
        }
        let verdict = policy.rules?.decide(claims)
        let isRefused = verdict?.decision == .deny
        if isRefused, policy.rules?.isEnforced == true { throw .denied(rule: verdict?.rule) }
        if let limits = policy.limits {
            try limiter.take(limits, issuer: issuer, subject: subject, now: now)
        }
        return Permission(rule: verdict?.rule, isOnlyReported: isRefused, tokenUses: policy.tokenUses)
    }

    /// What the rules say to these claims, and why; counts nothing.
    public func explain(_ entry: IssuerEntryID, claims: JSON) -> RuleTrace {
        self[entry]?.rules?.trace(claims)
            ?? RuleTrace(steps: [], decision: .allow, rule: nil, isEnforced: true)
    }

    /// What is counted of an entry's certificates; nil without limits.
    public func limits(of entry: IssuerEntryID) -> IssuanceLimits? { self[entry]?.limits }

    /// How many certificates one token of an entry may get.
    public func tokenUses(of entry: IssuerEntryID) -> TokenUses { self[entry]?.tokenUses ?? .reusable }

    private subscript(entry: IssuerEntryID) -> EntryPolicy? {
        entries.indices.contains(entry.index) ? entries[entry.index] : nil
    }
}
