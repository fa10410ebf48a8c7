/// A certificate may be issued.
public struct Permission: Sendable, Equatable {
    /// The rule that allowed it, or would have denied it; nil when the default decided or there are no rules.
    public let rule: RuleID?
    /// Whether it would have been refused if the rules were enforced and not only reported.
    public let isOnlyReported: Bool
    /// How often the token may be used.
    public let tokenUses: TokenUses
}
