public import Log
public import Records

extension RecordStore {
    /// The newest `count` records, those of entries included, the last added first.
    public func records(newest count: Int) throws(LogStoreError) -> [IssuanceRecord] {
        var found: [StoredRecord] = []
        while found.count < count {
            let rest = min(count - found.count, RecordQuery.limitMax)
            let page = try records(matching: RecordQuery(), before: found.last?.number, count: rest)
            found += page
            if page.count < rest { break }
        }
        return found.map(\.record)
    }
}
