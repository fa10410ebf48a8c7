public import Records

/// Searches a store of records, on a thread of its own: one search at a time, and a bounded number that wait.
public final class RecordReader: Sendable {
    private let store: any RecordStore
    private let thread = BlockingThreads(name: "record-reader", count: 1, queueMax: 64)

    /// Reads `store`.
    public init(store: any RecordStore) {
        self.store = store
    }

    /// The newest records that meet a query's conditions, at most ``Records/RecordQuery/limitMax``. Throws `.busy` when
    /// too many searches wait, and `.unavailable` when the store fails.
    public func records(matching query: RecordQuery) async throws(LogError) -> [StoredRecord] {
        try await thread.ask { [store] () throws(LogStoreError) in
            try store.records(matching: query, before: nil, count: RecordQuery.limitMax)
        }
    }
}
