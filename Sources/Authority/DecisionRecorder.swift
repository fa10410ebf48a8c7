import Audit
import Keys
import Log
import Records
import Synchronization
import Wire

/// Writes down what was decided: refusals into the store, both kinds into the audit sink. What was issued is in the
/// store already, in the transaction of its entry.
final class DecisionRecorder: Sendable {
    private let writer: RecordWriter
    private let sink: AuditSink?
    private let isSinkRequired: Bool
    private let lost = Atomic<Int>(0)

    /// Records refusals with `writer`; without a sink there are no lines.
    init(writer: RecordWriter, sink: AuditSink?, isSinkRequired: Bool) {
        self.writer = writer
        self.sink = sink
        self.isSinkRequired = isSinkRequired
    }

    /// Throws `.audit` when a line is required and couldn't be written now: better before the log has the entry.
    func checkReady() throws(AuthorityError) {
        guard isSinkRequired, let sink else { return }
        do { try sink.checkReady() } catch { throw .audit(error) }
    }

    /// Writes the line of a certificate; throws `.audit` when it is required and isn't written.
    func note(_ issued: Issued, _ logged: LoggedPrecertificate) async throws(AuthorityError) {
        guard let sink else { return }
        let line = logged.record.json(
            logIndex: logged.precertificate.index,
            certificate: issued.certificate.certificate.fingerprint,
            tokenUse: logged.use
        )
        guard isSinkRequired else { return write(line.encoded(), to: sink) }
        do {
            try await sink.write(line.encoded())
        } catch {
            lost.wrappingAdd(1, ordering: .relaxed)
            throw .audit(error)
        }
    }

    /// Nobody waits for a line that isn't required: a sink that has stopped costs lines and nothing else.
    private func write(_ line: [UInt8], to sink: AuditSink) {
        Task { do { try await sink.write(line) } catch { lost.wrappingAdd(1, ordering: .relaxed) } }
    }

    /// Records a refusal.
    func note(_ error: AuthorityError, _ record: IssuanceRecord) async {
        var record = record
        if case .policy(.denied(let rule)) = error { record.rule = rule?.text }
        await note(error.reason, record)
    }

    /// The same by its reason.
    func note(_ reason: RefusalReason, _ record: IssuanceRecord) async {
        var record = record
        record.reason = reason.rawValue
        // Full is counted by the writer.
        _ = writer.add(record)
        guard let sink else { return }
        let line = record.json(logIndex: nil, certificate: nil, tokenUse: nil)
        write(line.encoded(), to: sink)
    }

    /// What isn't as it should be.
    func problem() -> AuditError? {
        guard let sink else { return nil }
        do { try sink.checkReady() } catch { return error }
        return nil
    }

    /// Whether that keeps certificates from being issued.
    var isRequired: Bool { isSinkRequired }

    /// Records of refusals that couldn't be stored, and audit lines that couldn't be written.
    var losses: (records: Int, lines: Int) { (writer.dropped, lost.load(ordering: .relaxed)) }

    /// Opens the sink's file again, after somebody renamed it.
    func reopen() { sink?.reopen() }

    /// Writes what waits.
    func close() async {
        await writer.close()
        await sink?.close()
    }
}
