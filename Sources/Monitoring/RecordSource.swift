public import Records
public import Transparency

/// The authority's own records, where they can be reached.
public protocol RecordSource: Sendable {
    /// What was decided about an entry; nil when nothing is recorded. Throws `.recordsUnavailable`.
    func record(of index: LeafIndex) async throws(MonitoringError) -> IssuanceRecord?
}
