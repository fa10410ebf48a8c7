public import Log
public import RecordLog

extension Authority {
    /// What became of an entry that was proposed through Rekor v1.
    public enum Proposal: Sendable {
        /// It is durable and covered by a checkpoint.
        case logged(LogEntryAnswer)
        /// The log has it already, under this name.
        case exists(EntryID)
    }

    /// Reads an entry that is proposed through Rekor v1, verifies its signatures, and logs it; nil when there is no record
    /// log. Runs on the crypto workers. Throws `.record` and `.busy`.
    public func propose(_ body: [UInt8]) async throws(AuthorityError) -> Proposal? {
        guard let log = recordLog else { return nil }
        return try await workers.run { () async throws(AuthorityError) in
            let entry: ProposedEntry
            do throws(ProposalProblem) { entry = try ProposedEntry(body) } catch {
                throw .record(.proposalRefused(error))
            }
            do throws(RecordLogError) {
                return .logged(try await log.answer(appending: entry))
            } catch {
                guard case .duplicate = error else { throw .record(error) }
                return .exists(log.entryID(entry.body.leafHash))
            }
        }
    }

    /// Has the record log answer a question, on the crypto workers; nil when there is no record log. The question is put to
    /// the shard that takes entries, and to those before it, the newest first. Throws `.busy`.
    public func ask<Answer: Sendable>(
        _ question: (_ log: RecordLog, _ former: [RecordLog]) async throws(LogReadError) -> Answer
    ) async throws(AuthorityError) -> Result<Answer, LogReadError>? {
        guard let log = recordLog else { return nil }
        let former = formerRecordLogs.sorted { $0.key > $1.key }.map(\.value)
        return try await workers.run { () async throws(AuthorityError) in
            do throws(LogReadError) { return .success(try await question(log, former)) } catch {
                return .failure(error)
            }
        }
    }
}
