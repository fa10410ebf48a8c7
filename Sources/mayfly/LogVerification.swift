import Authority
import Certificates
import Fetching
import Glibc
import Keys
import Monitoring
import Transparency

/// What `mayfly log verify` does, step by step.
struct LogVerification {
    /// More findings are counted only.
    private static let findingsShownMax = 100

    private let steps = Steps()
    private let monitor: LogMonitor
    private let key: PublicKey
    private let origin: LogOrigin?
    private let state: StateFile?
    private let certificates: [CertificateChain]
    private let stored: StoredLog?
    private let isPinned: Bool

    init(_ command: LogVerifyCommand, fetcher: Fetcher) throws(LogCheckFailure) {
        var origin: LogOrigin?
        if let name = command.origin {
            guard let named = try? LogOrigin(name) else {
                throw .usage("couldn't use the origin: it can't be a log's name")
            }
            origin = named
        }
        var pinned: [Certificate]?
        if let roots = command.roots { pinned = try ClientFiles.chain(roots).certificates }
        var chains: [CertificateChain] = []
        for file in command.certificates { chains.append(try ClientFiles.chain(file)) }
        certificates = chains
        let named = try command.key.map { file throws(LogCheckFailure) in try ClientFiles.publicKey(file) }
        let source: any LogSource
        var key: PublicKey?
        switch (command.source, command.directory) {
        case (let place?, nil):
            source = try LogPlace.open(place, tlsCA: command.tlsCA, fetcher: fetcher)
            stored = nil
        case (nil, let directory?):
            let opened: StoredLog
            do { opened = try StoredLog.open(DataDirectory(path: directory)) } catch { throw .authority(error) }
            stored = opened
            source = opened.source
            key = opened.key
            origin = origin ?? opened.origin
            pinned = pinned ?? opened.authorities
        default: throw .usage("couldn't tell which log: give either a folder or URL, or --data DIR")
        }
        guard let key = named ?? key else { throw .usage("couldn't check the log without its key: give --key log.pub") }
        self.key = key
        self.origin = origin
        isPinned = pinned != nil
        monitor = LogMonitor(
            source: source,
            key: key,
            pinned: pinned,
            records: stored?.source,
            workers: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        )
        do {
            state = try command.state.map { path throws(MonitoringError) in
                try StateFile(path: path, key: key, origin: origin)
            }
        } catch {
            stored?.close()
            throw .monitoring(error)
        }
    }

    /// Checks everything and says what was found; false when something was.
    func run() async throws(LogCheckFailure) -> Bool {
        defer { stored?.close() }
        do throws(MonitoringError) {
            let trusted = try state?.load()?.checkpoint
            do throws(MonitoringError) {
                return try await verify(trusted)
            } catch .fault(let fault) {
                steps.failed(fault.kind.rawValue, "\(fault)")
                return false
            }
        } catch {
            throw .monitoring(error)
        }
    }

    private func verify(_ trusted: SeenCheckpoint?) async throws(MonitoringError) -> Bool {
        let seen = try await monitor.checkpoint(origin: origin ?? trusted?.origin)
        steps.done(
            "checkpoint signed",
            "\(PlainText.escaped(seen.origin.name)): \(seen.head.size) entries, root \(seen.head.root)"
        )
        do throws(MonitoringError) {
            return try await verify(seen, after: trusted)
        } catch .fault(let fault) {
            guard let state else { throw .fault(fault) }
            let alert = Alert(fault, log: seen.origin.name, trusted: trusted, seen: seen)
            // Said before it is kept: a full disk silences no alarm.
            steps.failed(fault.kind.rawValue, "\(fault)")
            let file = try state.keepEvidence(alert)
            steps.skipped("evidence kept", file)
            return false
        }
    }

    private func verify(_ seen: SeenCheckpoint, after trusted: SeenCheckpoint?) async throws(MonitoringError) -> Bool {
        var findings = 0
        var bar = ProgressBar()
        var serials = SerialMemory()
        try await monitor.follow(
            from: trusted?.head,
            to: seen.head,
            isWhole: true,
            serials: &serials,
            progress: { bar.show($0.value, of: $1.value) },
            visit: { entry throws(MonitoringError) in
                for finding in entry.findings {
                    findings += 1
                    guard findings <= Self.findingsShownMax else { continue }
                    bar.clear()
                    let names = entry.names.map { PlainText.escaped($0.text) }.joined(separator: ", ")
                    steps.failed(finding.kind.rawValue, "entry \(entry.index) (\(names)): \(finding.detail)")
                }
            }
        )
        bar.clear()
        steps.done("entries lead to the root", "\(seen.head.size) hashed, every hash tile compared")
        if let trusted { steps.done("extends what was seen", "\(trusted.head.size) entries then") }
        if findings == 0 {
            steps.done(
                "certificates",
                isPinned ? "each of a pinned CA and within the profile" : "each within the profile"
            )
            if stored != nil { steps.done("issuance record", "has each certificate") }
        } else {
            steps.failed("findings", "\(findings)")
        }
        let brokenPromises = try await checkPromises(seen.head)
        do { try state?.save(FollowerState(seen)) }
        return findings == 0 && brokenPromises == 0
    }

    private func checkPromises(_ head: TreeHead) async throws(MonitoringError) -> Int {
        var broken = 0
        for chain in certificates {
            guard chain.certificates.count > 1 else {
                broken += 1
                steps.failed(AlertKind.promiseBroken.rawValue, "the issuer's certificate must follow the certificate")
                continue
            }
            switch try await monitor.checkPromise(of: chain.issuing, issuer: chain.certificates[1], in: head) {
            case .success(let index): steps.done("promise kept", "entry \(index)")
            case .failure(let reason):
                broken += 1
                steps.failed(AlertKind.promiseBroken.rawValue, "\(reason)")
            }
        }
        return broken
    }
}
