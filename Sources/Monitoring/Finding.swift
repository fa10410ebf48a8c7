/// One thing that is not as it should be.
public struct Finding: Sendable, Equatable {
    /// What it is about.
    public let kind: AlertKind
    /// What exactly: names of rules, numbers, and texts of certificates as they stand there.
    public let detail: String

    /// Puts the parts together.
    public init(_ kind: AlertKind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
