public import Records
public import Transparency

/// The authority's own records, where they can be reached.
public protocol RecordSource: Sendable {
    /// What was decided about `count` entries from `first` on, 256 at most; nil for each of which nothing is recorded.
    /// Throws `.recordsUnavailable`.
    func records(from first: LeafIndex, count: Int) async throws(MonitoringError) -> [IssuanceRecord?]
}
