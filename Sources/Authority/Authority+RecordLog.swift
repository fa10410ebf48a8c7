public import RecordLog

extension Authority {
    /// The record log; nil when there is none.
    public var recordLog: RecordLog? { records?.log }

    /// Its shards that take no entries any more, by their numbers from 1.
    public var formerRecordLogs: [Int: RecordLog] { records?.former ?? [:] }

    /// Reads a request for an entry of Rekor v2, verifies its signature, logs it, and returns the answer's body; nil when
    /// there is no record log. When it returns, the entry is durable and covered by a checkpoint.
    ///
    /// Runs on the crypto workers. Throws `.record` and `.busy`.
    public func logEntry(request body: [UInt8]) async throws(AuthorityError) -> [UInt8]? {
        guard let log = recordLog else { return nil }
        return try await workers.run { () async throws(AuthorityError) in
            do throws(RecordLogError) {
                let entry: HashedRekord
                let leaf: RecordBody
                do throws(RecordProblem) {
                    entry = try HashedRekord(request: body)
                    leaf = try entry.body()
                } catch {
                    throw .refused(error)
                }
                return try await log.append(leaf, keys: entry.keys).transparencyLogEntry(of: log.logID)
            } catch {
                throw .record(error)
            }
        }
    }
}
