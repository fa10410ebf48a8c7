public import Log

/// A store on a disk: both of a log and of records, with an end.
public protocol DurableStore: LogStore, RecordStore {
    /// Lets go of files and connections. Calls after that throw `.closed`.
    func close() throws(LogStoreError)
}
