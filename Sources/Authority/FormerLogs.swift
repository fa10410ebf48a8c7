public import CertificateLog
import Certificates
import Keys
import LogStorage
import Transparency

/// The shards of the certificate log that take no entries any more, to be read: who watches the log or has an old
/// certificate asks for them.
public struct FormerLogs: Sendable {
    /// The logs by their numbers, from 1.
    public let logs: [Int: EmbeddedCertificateLog]
    private let stores: [any DurableStore]

    /// None.
    init() {
        logs = [:]
        stores = []
    }

    /// Opens the shards before a number whose keys are still there. Throws `.file`, `.key`, `.storage` and `.log`.
    init(
        _ settings: AuthoritySettings.EmbeddedLog,
        before number: Int,
        chain: CertificateChain,
        issuers: [Certificate]
    ) throws(AuthorityError) {
        var logs: [Int: EmbeddedCertificateLog] = [:]
        var stores: [any DurableStore] = []
        for number in 1..<max(1, number) {
            let shard = try settings.shard(number, at: 0)
            guard let key = try SigningKey.readIfThere(shard.key, passphraseFile: shard.passphraseFile) else {
                continue
            }
            let store = try shard.store.open()
            stores.append(store)
            do {
                logs[number] = try EmbeddedCertificateLog.open(
                    store,
                    key: key,
                    origin: shard.origin,
                    chain: chain,
                    formerIssuers: issuers,
                    clock: { EntryTimestamp(milliseconds: 0) }
                )
            } catch {
                throw .log(error)
            }
        }
        self.logs = logs
        self.stores = stores
    }

    func close() async {
        for log in logs.values { await log.close() }
        for store in stores { try? store.close() }
    }
}
