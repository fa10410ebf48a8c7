import Wire

/// An entry's rules: the first that matches decides.
struct RuleSet: Sendable {
    let list: [Rule]
    /// What is decided when none matches.
    let otherwise: RuleDecision
    /// Whether a denial is a refusal; otherwise it is only reported.
    let isEnforced: Bool

    func decide(_ claims: JSON) -> (decision: RuleDecision, rule: RuleID?) {
        for rule in list where rule.unmet(by: claims) == nil { return (rule.decision, rule.id) }
        return (otherwise, nil)
    }

    /// The same decision with its reasons.
    func trace(_ claims: JSON) -> RuleTrace {
        var steps: [RuleTrace.Step] = []
        for rule in list {
            let unmet = rule.unmet(by: claims).map { condition in
                RuleTrace.Unmet(
                    claim: condition.claim,
                    demand: condition.demand,
                    isMissing: !ClaimTest.present.holds(for: condition.path.value(in: claims))
                )
            }
            steps.append(RuleTrace.Step(rule: rule.id, decision: rule.decision, unmet: unmet))
            if unmet == nil { break }
        }
        let (decision, rule) = decide(claims)
        return RuleTrace(steps: steps, decision: decision, rule: rule, isEnforced: isEnforced)
    }
}
