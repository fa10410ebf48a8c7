/// For how long the repository's files are good, in seconds. A client refuses what has ended, so each is made anew when a
/// third of its life is left.
public struct TrustLifetimes: Sendable, Equatable {
    /// The root's.
    public var rootSeconds: Int64
    /// The targets'.
    public var targetsSeconds: Int64
    /// The snapshot's.
    public var snapshotSeconds: Int64
    /// The timestamp's: for so long at most, a client can be shown an older state.
    public var timestampSeconds: Int64

    /// Two years and one year for what needs the offline key, two weeks and one week for what the server does.
    public static let `default` = TrustLifetimes(
        rootSeconds: 730 * 86_400,
        targetsSeconds: 365 * 86_400,
        snapshotSeconds: 14 * 86_400,
        timestampSeconds: 7 * 86_400
    )

    /// States lifetimes.
    public init(rootSeconds: Int64, targetsSeconds: Int64, snapshotSeconds: Int64, timestampSeconds: Int64) {
        self.rootSeconds = rootSeconds
        self.targetsSeconds = targetsSeconds
        self.snapshotSeconds = snapshotSeconds
        self.timestampSeconds = timestampSeconds
    }

    /// A role's.
    public subscript(role: TUFRole) -> Int64 {
        switch role {
        case .root: rootSeconds
        case .targets: targetsSeconds
        case .snapshot: snapshotSeconds
        case .timestamp: timestampSeconds
        }
    }
}
