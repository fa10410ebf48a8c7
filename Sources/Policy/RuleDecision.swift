/// What a rule, or the default, says.
public enum RuleDecision: String, Sendable {
    /// A certificate may be issued.
    case allow
    /// None may.
    case deny
}
