/// One reason why the next request couldn't be served.
public struct ReadinessProblem: Sendable, Equatable {
    /// The part that isn't ready: `ca` or `log`.
    public let part: String
    /// What is wrong, safe to show.
    public let problem: String
}
