import Audit
import CertificateLog
import Certificates
import Fetching
import Identity
import Issuance
import Keys
import LogStorage
import Policy
public import Transparency
import TrustRoot
import Witnessing

extension Authority {
    /// Opens a data directory: configuration, keys, chain, log, in this order, each checked. Nothing is written before
    /// everything has been found in order. `change` is what another one was closed for; `now` is the clock.
    ///
    /// Throws an error that names the file; another process's directory is `.directoryInUse`.
    public static func open(
        _ directory: DataDirectory,
        files: ConfigurationFiles,
        change: KeyChange? = nil,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) -> OpenedAuthority {
        let lock = try DirectoryLock(path: directory.path)
        let text = if let change { change.configuration } else { try ConfigurationText(directory, files: files) }
        let settings = try AuthoritySettings(text, directory: directory)
        let documents = try TrustDocuments(settings, at: now().seconds)
        let trust = try settings.trust.map { trust throws(AuthorityError) in try published(trust) }
        let generations = try OpenedGenerations(settings, directory: directory, files: files, at: now().seconds)
        let (signer, chain) = try settings.ca.signer(at: now().seconds)
        let timestamping = try openTimestamping(settings.timestamping, seconds: now().seconds)
        let fetcher = Fetcher()
        let workers = CryptoWorkers(count: ProcessorCount.allowed, admittedMax: settings.limits.queueMax)
        let log = try openLog(
            settings,
            chain: chain,
            fetcher: fetcher,
            workers: workers,
            now: now
        )
        do throws(AuthorityError) {
            let recorder = DecisionRecorder(
                writer: log.records,
                sink: try settings.audit.map { audit throws(AuthorityError) in try sink(audit) },
                isSinkRequired: settings.audit?.isRequired ?? false
            )
            // A store that can't be written, or a remote log with a key that no log has, is better known now.
            do { try await log.log.checkReady() } catch {
                // A clock that is behind comes right by itself; until then nothing is issued, and `/readyz` says why.
                guard case .log(.clockBehind) = error else { throw .log(error) }
            }
            let cosigning = try await checkedCosigning(settings, log, directory, fetcher, at: now().seconds)
            let authority = Authority(
                chain: chain,
                timestamping: timestamping,
                cosigning: cosigning,
                trust: trust,
                limits: settings.limits,
                configuration: Configuration(
                    settings,
                    text: text,
                    directory: directory,
                    files: files,
                    documents: documents,
                    fetcher: fetcher,
                    clock: now
                ),
                limiter: RateLimiter(),
                issuer: Issuer(signer: signer),
                recorder: recorder,
                log: log,
                records: try await openRecords(settings.recordLog, workers: workers, now: now),
                workers: workers,
                clock: now,
                generations: generations,
                lock: lock
            )
            return OpenedAuthority(authority: authority, listen: settings.listen, warnings: settings.identity.warnings)
        } catch {
            // Another attempt must find the database free.
            await log.close()
            throw error
        }
    }

    /// The witnesses of our own log, after asking them what they have seen.
    private static func checkedCosigning(
        _ settings: AuthoritySettings,
        _ log: OpenedLog,
        _ directory: DataDirectory,
        _ fetcher: Fetcher,
        at seconds: Int64
    ) async throws(AuthorityError) -> Cosigning? {
        guard case .embedded(let choice) = settings.log, let log = log.embedded else { return nil }
        let cosigning = try Self.cosigning(
            choice.witnesses,
            log: WitnessedLog(origin: log.origin, key: log.publicKey),
            reader: log.reader,
            file: choice.shard(at: seconds).witnessedCheckpoint(directory),
            fetcher: fetcher
        )
        do { try await cosigning?.check() } catch { throw .witness(error) }
        return cosigning
    }

    /// The repository's folder; the online key may be another server's.
    private static func published(_ settings: AuthoritySettings.Trust) throws(AuthorityError) -> PublishedTrust {
        let online = try DataDirectory.onlineKey(settings, try passphrase(settings.passphraseFile))
        return PublishedTrust(
            folder: TrustFolder(path: settings.repository),
            online: online,
            lifetimes: settings.lifetimes
        )
    }

    static func passphrase(_ file: String?) throws(AuthorityError) -> Passphrase? {
        guard let file else { return nil }
        return Passphrase(bytes: try FileSystem.read(file, bytesMax: Passphrase.bytesMax))
    }

    private static func openLog(
        _ settings: AuthoritySettings,
        chain: CertificateChain,
        fetcher: Fetcher,
        workers: CryptoWorkers,
        now: @escaping @Sendable () -> EntryTimestamp
    ) throws(AuthorityError) -> OpenedLog {
        let ca = settings.ca
        switch settings.log {
        case .embedded(let first):
            let settings = try first.shard(at: now().seconds)
            let key = try SigningKey.read(settings.key, passphrase: try passphrase(settings.passphraseFile))
            let formerIssuers = try settings.formerAuthorities() + ca.certificates()
            let former = try FormerLogs(first, before: settings.number, chain: chain, issuers: formerIssuers)
            let store = try settings.store.open()
            do {
                let log = try EmbeddedCertificateLog.open(
                    store,
                    key: key,
                    origin: settings.origin,
                    chain: chain,
                    formerIssuers: formerIssuers,
                    clock: now,
                    pace: workers.whenIdle
                )
                return OpenedLog(
                    log,
                    store: store,
                    givesReceipts: settings.givesReceipts,
                    former: former
                )
            } catch {
                throw .log(error)
            }
        case .remote(let choice):
            let remote = try remoteLog(choice)
            let log = RemoteCertificateLog(
                settings: remote,
                chain: chain,
                environment: RemoteCertificateLog.Environment(
                    fetch: { request throws(FetchError) in try await fetcher.fetch(request) },
                    now: now,
                    sleep: { try await Task.sleep(for: $0) },
                    random: { Double.random(in: 0..<1) }
                )
            )
            return OpenedLog(log, records: try recordStore(settings.records.database))
        }
    }

    private static func openRecords(
        _ settings: AuthoritySettings.RecordLog?,
        workers: CryptoWorkers,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) -> OpenedRecordLog? {
        guard let settings else { return nil }
        return try await OpenedRecordLog(settings, workers: workers, now: now)
    }

    /// The store of the records beside another's log; made when it isn't there.
    private static func recordStore(_ path: String) throws(AuthorityError) -> SQLiteLogStore {
        do throws(LogStorageError) {
            do throws(LogStorageError) {
                return try SQLiteLogStore.create(at: path)
            } catch .exists {
                return try SQLiteLogStore.open(at: path)
            }
        } catch {
            throw .storage(path: path, error)
        }
    }

    static func sink(_ settings: AuditSettings) throws(AuthorityError) -> AuditSink {
        do { return try AuditSink.open(settings) } catch { throw .audit(error) }
    }

    private static func remoteLog(_ settings: AuthoritySettings.RemoteLog) throws(AuthorityError) -> RemoteLogSettings {
        let pem = try FileSystem.read(settings.publicKey)
        let publicKey: PublicKey
        do { publicKey = try PublicKey(pem: pem) } catch { throw .key(path: settings.publicKey, error) }
        let authorities: FetchPolicy.Authorities =
            if let file = settings.authorities { .only(pem: try FileSystem.read(file)) } else { .system }
        return RemoteLogSettings(
            url: settings.url,
            publicKey: publicKey,
            policy: FetchPolicy(allowsHTTP: settings.url.hasPrefix("http://"), authorities: authorities),
            hostHeader: settings.hostHeader,
            deadlineSeconds: settings.deadlineSeconds
        )
    }
}
