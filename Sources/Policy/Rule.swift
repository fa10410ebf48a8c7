import Wire

/// A rule: if all of its conditions hold, it decides.
struct Rule: Sendable {
    let id: RuleID
    let decision: RuleDecision
    /// At least one.
    let conditions: [Condition]

    /// The first condition that doesn't hold; nil when the rule matches.
    func unmet(by claims: JSON) -> Condition? {
        conditions.first { !$0.holds(for: claims) }
    }
}
