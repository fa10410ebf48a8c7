public import CertificateLog
public import Certificates
public import Identity
import Issuance
import Transparency

/// A certificate authority at work: the place where the rooms meet. Everything in it is made by `open`.
public struct Authority: Sendable {
    /// The CA's certificates, issuing first.
    public let chain: CertificateChain
    /// The issuers it trusts, as clients may see them.
    public var issuerRows: [IssuerRow] { configuration.active.issuerRows }
    /// The log in the data directory; nil when another's log is configured.
    public var embeddedLog: EmbeddedCertificateLog? { log.embedded }
    /// What requests may cost.
    public let limits: AuthorityLimits

    let configuration: Configuration
    let issuer: Issuer
    let log: OpenedLog
    let workers: CryptoWorkers
    let clock: @Sendable () -> EntryTimestamp
    let lock: DirectoryLock

    /// Whether the next request could be served. The words are safe to show: what exactly is wrong stands in the log.
    public func readiness() async -> Readiness {
        var problems: [ReadinessProblem] = []
        let ends = chain.issuing.notAfterSeconds
        if ends < seconds + CertificateProfile.lifetimeSeconds {
            problems.append(ReadinessProblem(part: "ca", problem: "the issuing certificate has expired or is about to"))
        }
        do throws(CertificateLogError) {
            try await log.log.checkReady()
        } catch {
            problems.append(ReadinessProblem(part: "log", problem: "the certificate log can't be written"))
        }
        let stale = ReadinessProblem(
            part: "configuration",
            problem: "the changed configuration couldn't be used; the one before it is in force"
        )
        return Readiness(problems: problems, warnings: configuration.isCurrent ? [] : [stale])
    }

    /// What is measured when somebody asks: for `/metrics`.
    public func gauges() async -> [(name: String, help: String, value: Double)] {
        let days = Double(chain.issuing.notAfterSeconds - seconds) / 86_400
        var gauges = [(name: "mayfly_ca_days_left", help: "Days until the issuing certificate ends.", value: days)]
        gauges.append(
            (
                name: "mayfly_requests_in_flight", help: "Requests for a certificate under way or waiting.",
                value: Double(workers.requestsInFlight)
            )
        )
        gauges.append(
            (
                name: "mayfly_configuration_is_current",
                help: "1 when the configuration's files are in force, 0 when a change of them couldn't be used.",
                value: configuration.isCurrent ? 1 : 0
            )
        )
        if let size = await embeddedLog?.size() {
            gauges.append(
                (name: "mayfly_log_entries", help: "Entries in the certificate log.", value: Double(size.value))
            )
        }
        return gauges
    }

    /// Finishes what the log has accepted, and closes it.
    public func close() async {
        await log.close()
    }

    /// Now, in whole seconds since 1970.
    var seconds: Int64 { clock().seconds }
}
