public import TrustRoot

/// A TUF repository beside what is configured.
public struct TrustState: Sendable {
    /// The repository.
    public let repository: TrustRepository
    /// The roles that must be signed anew.
    public let due: [TUFRole]
    /// Whether it has what is configured.
    public let isCurrent: Bool

    init(
        _ repository: TrustRepository,
        _ documents: TrustDocuments,
        _ lifetimes: TrustLifetimes,
        at seconds: Int64
    ) {
        self.repository = repository
        due = TUFRole.allCases.filter { repository.isDue($0, lifetimes: lifetimes, at: seconds) }
        isCurrent = repository.names(documents.targets)
    }
}
