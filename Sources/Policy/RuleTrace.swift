/// How an entry's rules came to their decision, for whoever holds the token.
public struct RuleTrace: Sendable, Equatable {
    /// One rule that was looked at.
    public struct Step: Sendable, Equatable {
        /// The rule.
        public let rule: RuleID
        /// What it says when it matches.
        public let decision: RuleDecision
        /// The first condition that didn't hold; nil when the rule matched.
        public let unmet: Unmet?
    }

    /// A condition that didn't hold, as it is configured. What the token has in its place isn't told.
    public struct Unmet: Sendable, Equatable {
        /// The claim as the configuration writes it.
        public let claim: String
        /// What is asked of it, such as `must be branch or tag`.
        public let demand: String
        /// Whether the token has no such claim, or null in it.
        public let isMissing: Bool
    }

    /// The rules up to the first that matched, in their order.
    public let steps: [Step]
    /// What was decided.
    public let decision: RuleDecision
    /// The rule that decided; nil when it was the default, or when there are no rules.
    public let rule: RuleID?
    /// Whether a denial is a refusal; otherwise it is only reported.
    public let isEnforced: Bool
}

extension RuleTrace.Unmet: CustomStringConvertible {
    /// A sentence; no claim's value.
    public var description: String { "\(claim) \(demand)\(isMissing ? ", and is missing" : "")" }
}
