import CertificateLog
import Certificates
import Glibc
import Keys
import Log
import LogStorage
import Records
import Transparency

/// Where the log under load is kept.
enum Place {
    case sqlite(path: String)
    case postgres(DataSourceName)

    func create() throws -> any DurableStore {
        switch self {
        case .sqlite(let path): try SQLiteLogStore.create(at: path)
        case .postgres(let source): try PostgresLogStore.create(in: source)
        }
    }

    func open() throws -> any DurableStore {
        switch self {
        case .sqlite(let path): try SQLiteLogStore.open(at: path)
        case .postgres(let source): try PostgresLogStore.open(source)
        }
    }
}

/// The certificate log as the server has it, in a database of its own, and the load on it.
struct LogUnderLoad {
    private let authority: Authority
    private let precertificates: [PrecertificateSubmission]
    private let place: Place
    let store: any DurableStore
    let log: EmbeddedCertificateLog
    let reader: LogReader

    /// What outlives a restart.
    struct Authority {
        let chain: CertificateChain
        let signer: CertificateSigner
        let key: SigningKey
        let origin: LogOrigin

        init() throws {
            let rootKey = try SigningKey.generate(.p256)
            let issuingKey = try SigningKey.generate(.p256)
            let seconds = clock().seconds
            let root = try AuthorityCertificates.root(
                name: AuthorityName(country: nil, organization: "Example", commonName: "Root"),
                key: rootKey,
                serial: .random(),
                notBeforeSeconds: seconds
            )
            let issuing = try AuthorityCertificates.intermediate(
                name: AuthorityName(country: nil, organization: "Example", commonName: "Issuing"),
                publicKey: issuingKey.publicKey,
                issuer: root,
                issuerKey: rootKey,
                serial: .random(),
                notBeforeSeconds: seconds
            )
            chain = try CertificateChain([issuing, root])
            signer = try CertificateSigner(key: issuingKey, chain: chain)
            key = try SigningKey.generate(.p256)
            origin = try LogOrigin("log.example.com")
        }

        /// One of 1,024 precertificates of the kind that scripts/bench asks a server for.
        func submission(_ number: Int, publicKey: PublicKey) throws -> PrecertificateSubmission {
            let email = "alice-\(number)@example.com"
            let precertificate = try signer.precertificate(
                CertificateProfile(
                    serial: .random(),
                    notBeforeSeconds: clock().seconds,
                    publicKey: publicKey,
                    san: SubjectAlternativeName(email: email),
                    extensions: IdentityExtensions(issuer: "http://127.0.0.1:18888")
                )
            )
            var record = IssuanceRecord(.issued, RequestID(text: "01234567-\(number)"), at: clock())
            record.issuer = "http://127.0.0.1:18888"
            record.issuerType = "email"
            record.subject = email
            record.san = email
            // Counted, as it is by default.
            let use = UseLimit(
                key: SHA256Digest(hashing: Array(email.utf8)),
                usesMax: nil,
                expirySeconds: clock().seconds + 600
            )
            return PrecertificateSubmission(precertificate, record: record, use: use)
        }
    }

    /// A new log.
    init(creatingAt place: Place) throws {
        self.place = place
        authority = try Authority()
        let publicKey = try SigningKey.generate(.p256).publicKey
        precertificates = try (0..<1024).map { [authority] in try authority.submission($0, publicKey: publicKey) }
        store = try place.create()
        log = try EmbeddedCertificateLog.create(
            in: store,
            key: authority.key,
            origin: authority.origin,
            chain: authority.chain,
            clock: clock
        )
        reader = LogReader(store: store)
    }

    private init(reopening old: LogUnderLoad) throws {
        place = old.place
        authority = old.authority
        precertificates = old.precertificates
        store = try place.open()
        log = try EmbeddedCertificateLog.open(
            store,
            key: authority.key,
            origin: authority.origin,
            chain: authority.chain,
            clock: clock
        )
        reader = LogReader(store: store)
    }

    /// The same log after a stop in good order, which leaves one file; and how long the start took, in seconds.
    func restarted() async throws -> (LogUnderLoad, startSeconds: Double) {
        await log.close()
        try store.close()
        let start = wallSeconds()
        return (try LogUnderLoad(reopening: self), wallSeconds() - start)
    }

    /// Appends `count` entries, `concurrency` at a time. Returns how long each took from arrival to durable, in seconds.
    func append(_ count: Int, concurrency: Int) async throws -> [Double] {
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for task in 0..<concurrency {
                group.addTask {
                    var latencies: [Double] = []
                    for number in stride(from: task, to: count, by: concurrency) {
                        let start = wallSeconds()
                        _ = try await log.append(precertificates[number % precertificates.count])
                        latencies.append(wallSeconds() - start)
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

/// The system's clock.
@Sendable func clock() -> EntryTimestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return EntryTimestamp(milliseconds: UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000)
}

/// A clock that doesn't step.
func wallSeconds() -> Double { seconds(of: CLOCK_MONOTONIC) }

/// The CPU that this process has used, all threads.
func cpuSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(of clock: clockid_t) -> Double {
    var now = timespec()
    clock_gettime(clock, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
