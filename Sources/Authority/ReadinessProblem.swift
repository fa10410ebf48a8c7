/// One thing that isn't as it should be.
public struct ReadinessProblem: Sendable, Equatable {
    /// The part: `ca`, `log`, `audit` or `configuration`.
    public let part: String
    /// What is wrong, safe to show.
    public let problem: String
}
