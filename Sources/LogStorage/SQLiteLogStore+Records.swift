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

    /// See ``RecordStore/records(newest:)``.
    public func records(newest count: Int) throws(LogStoreError) -> [IssuanceRecord] {
        try read { reads throws(LogStoreError) in try reads.records(newest: count) }
    }
}
