import GRDB
public import Log
public import Records

extension SQLiteLogStore {
    /// See ``RecordStore/add(_:)``.
    public func add(_ records: [IssuanceRecord]) throws(LogStoreError) {
        try write { db in
            try SQLiteWrites(db: db).add(records, refusalsMax: refusalsMax)
            return records.count
        }
    }

    /// See ``RecordStore/add(_:counting:)``.
    public func add(_ record: IssuanceRecord, counting use: UseLimit?) throws(LogStoreError) -> Recording {
        var recording = Recording.added(use: nil)
        try write { db in
            let writes = SQLiteWrites(db: db)
            if let use {
                let before = try SQLiteReads(db: db).uses(of: use.key)
                guard let next = use.next(after: before) else {
                    recording = .usedUp(uses: before)
                    return nil
                }
                recording = .added(use: next)
                try writes.setUses([use.key: next], now: record.timestamp)
            }
            try writes.add([record], refusalsMax: refusalsMax)
            return 1
        }
        return recording
    }

    /// See ``RecordStore/records(matching:before:count:)``.
    public func records(
        matching query: RecordQuery,
        before number: UInt64?,
        count: Int
    ) throws(LogStoreError) -> [StoredRecord] {
        let search = SQLiteSearch(query)
        // A search has a statement for each part of an index: together they see one moment.
        return try LogStoreError.mapping {
            try pool.read { db in try search.records(in: db, before: number, count: count) }
        }
    }
}
