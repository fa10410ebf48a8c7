public import CertificateLog
public import Certificates
public import Identity
import Issuance
import Policy
import RecordLog
public import Timestamping
import Transparency
public import TrustRoot
public import Witnessing

/// A certificate authority at work: the place where the rooms meet. Everything in it is made by `open`.
public struct Authority: Sendable {
    /// The CA's certificates, issuing first.
    public let chain: CertificateChain
    /// The issuers it trusts, as clients may see them.
    public var issuerRows: [IssuerRow] { configuration.active.issuerRows }
    /// The log in the data directory; nil when another's log is configured.
    public var embeddedLog: EmbeddedCertificateLog? { log.embedded }
    /// Signs timestamps; nil when none is configured.
    public let timestamping: TimestampAuthority?
    /// Its shards that take no entries any more.
    public var formerLogs: FormerLogs { log.former }
    /// The witnesses of that log; nil when there are none.
    public let cosigning: Cosigning?
    /// What clients are to trust, and where they find the services, as it is configured now.
    public var trustDocuments: TrustDocuments { configuration.active.documents }
    /// The TUF repository; nil when there is none.
    public let trust: PublishedTrust?
    /// What requests may cost.
    public let limits: AuthorityLimits

    let configuration: Configuration
    let limiter: RateLimiter
    let usedUp = UsedUpTokens()
    let issuer: Issuer
    let recorder: DecisionRecorder
    let log: OpenedLog
    let records: OpenedRecordLog?
    let workers: CryptoWorkers
    let clock: @Sendable () -> EntryTimestamp
    /// The keys that were opened, beside what their files say now.
    public let generations: OpenedGenerations
    let lock: DirectoryLock

    /// Whether the next request could be served. The words are safe to show: what exactly is wrong stands in the log.
    public func readiness() async -> Readiness {
        var problems: [ReadinessProblem] = []
        let ends = chain.certificates.map(\.notAfterSeconds).min() ?? 0
        if ends < seconds + CertificateProfile.lifetimeSeconds {
            problems.append(ReadinessProblem(part: "ca", problem: "a certificate of the CA has expired or is about to"))
        }
        do throws(CertificateLogError) {
            try await log.log.checkReady()
        } catch {
            let problem =
                if case .log(.clockBehind(let seconds)) = error {
                    "the clock is \(seconds) seconds behind the log's last entry"
                } else {
                    "the certificate log can't be written"
                }
            problems.append(ReadinessProblem(part: "log", problem: problem))
        }
        do throws(RecordLogError) {
            try await recordLog?.checkReady()
        } catch {
            problems.append(ReadinessProblem(part: "record-log", problem: Self.problem(error)))
        }
        if cosigning?.isContradicted ?? false {
            problems.append(ReadinessProblem(part: "log", problem: "a witness has seen another state of the log"))
        }
        var warnings: [ReadinessProblem] = []
        let timestamping = timestampingReadiness()
        if let problem = timestamping.problem { problems.append(problem) }
        if let warning = timestamping.warning { warnings.append(warning) }
        if recorder.problem() != nil {
            let problem = ReadinessProblem(part: "audit", problem: "the audit sink can't be written")
            if recorder.isRequired { problems.append(problem) } else { warnings.append(problem) }
        }
        let stale = ReadinessProblem(
            part: "configuration",
            problem: "the changed configuration couldn't be used; the one before it is in force"
        )
        if !configuration.isCurrent { warnings.append(stale) }
        if generations.isHeldUp {
            warnings.append(
                ReadinessProblem(part: "keys", problem: "other keys are due and can't be used: see the log")
            )
        }
        warnings += trust?.warnings(trustDocuments, at: seconds) ?? []
        return Readiness(problems: problems, warnings: warnings)
    }

    private static func problem(_ error: RecordLogError) -> String {
        guard case .log(.clockBehind(let seconds)) = error else { return "the record log can't be written" }
        return "the clock is \(seconds) seconds behind the record log's last entry"
    }

    /// Finishes what the logs have accepted, and closes them.
    public func close() async {
        await records?.close()
        await recorder.close()
        await log.close()
        lock.release()
    }

    /// Now, in whole seconds since 1970.
    var seconds: Int64 { clock().seconds }
}
