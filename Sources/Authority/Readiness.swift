/// Whether the next request could be served.
public struct Readiness: Sendable, Equatable {
    /// Why it couldn't; empty when it could.
    public let problems: [ReadinessProblem]
    /// What an operator should look at all the same.
    public let warnings: [ReadinessProblem]
}
