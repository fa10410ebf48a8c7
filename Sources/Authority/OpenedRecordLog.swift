import Keys
import LogStorage
import RecordLog
import Transparency

/// The record log and its store.
struct OpenedRecordLog: Sendable {
    let log: RecordLog
    private let store: any DurableStore

    /// Opens the log of a configuration, and sees that it can be written. Throws `.file`, `.key`, `.storage` and `.record`.
    init(
        _ settings: AuthoritySettings.RecordLog,
        workers: CryptoWorkers,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) {
        let key = try SigningKey.read(settings.key, passphrase: try Authority.passphrase(settings.passphraseFile))
        store = try settings.store.open()
        do {
            log = try RecordLog.open(store, key: key, origin: settings.origin, clock: now, pace: workers.whenIdle)
        } catch {
            throw .record(error)
        }
        do { try await log.checkReady() } catch {
            // A clock that is behind comes right by itself; until then nothing is logged, and `/readyz` says why.
            guard case .log(.clockBehind) = error else { throw .record(error) }
        }
    }

    /// Finishes what the log has accepted, then closes the store, which leaves one whole file.
    func close() async {
        await log.close()
        try? store.close()
    }
}
