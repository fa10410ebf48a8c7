import Keys
import LogStorage
import RecordLog
import Transparency

/// The record log and its store.
struct OpenedRecordLog: Sendable {
    let log: RecordLog
    /// Shards that take no entries any more, by their numbers from 1: as far as their keys are there.
    let former: [Int: RecordLog]
    private let stores: [any DurableStore]

    /// Opens the log of a configuration, and sees that it can be written. Throws `.file`, `.key`, `.storage` and `.record`.
    init(
        _ first: AuthoritySettings.RecordLog,
        workers: CryptoWorkers,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) {
        let settings = try first.shard(at: now().seconds)
        let (former, formerStores) = try Self.former(first, before: now().seconds)
        self.former = former
        let key = try SigningKey.read(settings.key, passphrase: try Authority.passphrase(settings.passphraseFile))
        let store = try settings.store.open()
        stores = [store] + formerStores
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
        for log in former.values { await log.close() }
        for store in stores { try? store.close() }
    }

    private static func former(
        _ first: AuthoritySettings.RecordLog,
        before seconds: Int64
    ) throws(AuthorityError) -> (logs: [Int: RecordLog], stores: [any DurableStore]) {
        var logs: [Int: RecordLog] = [:]
        var stores: [any DurableStore] = []
        for number in 1..<(try first.generations().signing(at: seconds).number) {
            let shard = try first.shard(number, at: seconds)
            guard let key = try SigningKey.readIfThere(shard.key, passphraseFile: shard.passphraseFile) else {
                continue
            }
            let store = try shard.store.open()
            stores.append(store)
            do {
                logs[number] = try RecordLog.open(
                    store,
                    key: key,
                    origin: shard.origin,
                    clock: { EntryTimestamp(milliseconds: 0) }
                )
            } catch {
                throw .record(error)
            }
        }
        return (logs, stores)
    }
}
