public import Records

/// Where records are kept that no entry of a log carries: refusals, and certificates in another's log.
///
/// Durable when: a function returns normally. After an error the records may be in all the same.
///
/// Consistent how: each call is one transaction. A refusal whose request has one in the store already is not added
/// again, so a call of ``add(_:)`` with refusals may be repeated after an error; request IDs are the server's own, for
/// whoever could choose one could have a refusal left out. ``add(_:counting:)`` must not be repeated: it would count
/// again. The counts are those of ``LogStore``, and one key is counted by one of the two only: a batch of a log holds
/// totals.
///
/// Callable from where: as ``LogStore`` says. The newest refusals are kept up to a number that the store is given, and
/// older ones are deleted as new ones come; what was issued stays.
///
/// What a malicious store could do: forget and invent records, for no signature covers them, and forget uses. What it
/// says of a certificate in our own log can be compared with the entry.
public protocol RecordStore: Sendable {
    /// Adds records.
    func add(_ records: [IssuanceRecord]) throws(LogStoreError)

    /// Adds the record of a certificate, and counts the use of its token, if there is one more.
    func add(_ record: IssuanceRecord, counting use: UseLimit?) throws(LogStoreError) -> Recording

    /// The records that meet a query's conditions, those of entries included, the last added first: up to `count`, and
    /// never more than ``Records/RecordQuery/limitMax``, of those before `number`; nil for the newest. Fewer than that
    /// are the last ones. Each call sees one moment.
    func records(
        matching query: RecordQuery,
        before number: UInt64?,
        count: Int
    ) throws(LogStoreError) -> [StoredRecord]
}
