import CertificateLog
import Log
import LogStorage

/// A certificate log, and the store of the records: the same one where the log is our own.
struct OpenedLog: Sendable {
    let log: any CertificateLog
    let embedded: EmbeddedCertificateLog?
    let former: FormerLogs
    let records: RecordWriter
    private let store: any DurableStore
    private let givesReceipts: Bool

    /// Our own log.
    init(
        _ log: EmbeddedCertificateLog,
        store: any DurableStore,
        givesReceipts: Bool = false,
        former: FormerLogs = FormerLogs()
    ) {
        self.former = former
        self.givesReceipts = givesReceipts
        self.log = log
        embedded = log
        self.store = store
        records = RecordWriter(store: store)
    }

    /// Another's log, with the records in a store of ours.
    init(_ log: RemoteCertificateLog, records store: any DurableStore) {
        self.log = log
        embedded = nil
        former = FormerLogs()
        givesReceipts = false
        self.store = store
        records = RecordWriter(store: store)
    }

    /// Hands a precertificate to the log and stores its record: in one transaction where the log is our own, and with
    /// another's after it has taken the precertificate, before the certificate is made.
    func append(_ submission: PrecertificateSubmission) async throws(CertificateLogError) -> LoggedPrecertificate {
        let sequenced = try await log.append(submission)
        if let embedded {
            return LoggedPrecertificate(
                precertificate: sequenced,
                record: submission.record,
                use: sequenced.use ?? 1,
                receipt: givesReceipts ? sequenced.receipt(by: embedded.logID) : nil
            )
        }
        let recording: Recording
        do throws(LogError) {
            recording = try await records.add(submission.record, counting: submission.use)
        } catch {
            throw .log(error)
        }
        switch recording {
        case .usedUp(let uses): throw .usedUp(uses: uses)
        case .added(let use):
            return LoggedPrecertificate(
                precertificate: sequenced,
                record: submission.record,
                use: use ?? 1,
                receipt: nil
            )
        }
    }

    /// Finishes what the log has accepted, then closes the store, which leaves one whole file. A store that can't be
    /// closed has lost nothing: all of it is committed.
    func close() async {
        await log.close()
        await records.close()
        await former.close()
        try? store.close()
    }
}
