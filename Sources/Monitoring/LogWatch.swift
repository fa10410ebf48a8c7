public import Transparency

/// Looks at a log again and again: what is new is checked, what is unexpected goes to the channels, and how far it came
/// is kept.
///
/// 1. The state is stored after every alert of the round has been delivered: an alert may come twice (with the same
///    ``Alert/id``), and none is lost.
/// 2. An alarm about the log as a whole leaves the state where it was, and its evidence beside it.
public struct LogWatch: Sendable {
    /// The most alerts of one round; what a hostile log can make us send is bounded.
    public static let alertsMax = 1000
    /// Rounds that may fail before somebody is told.
    static let failuresMax = 3

    /// What a round did.
    public struct Round: Sendable, Equatable {
        /// The log's size; nil when its checkpoint wasn't good.
        public var size: TreeSize?
        /// Entries that were looked at.
        public var entryCount = 0
        /// Alerts, those of an alarm that was sent in an earlier round included.
        public var alertCount = 0
    }

    private let monitor: LogMonitor
    private let rules: AuditRules
    private let state: StateFile
    private let channels: [any AlertChannel]
    private let origin: LogOrigin?
    private let now: @Sendable () -> EntryTimestamp
    private var failures = 0
    /// Whether somebody has been told of the failures.
    private var toldUnreachable = false
    /// Alarms that were delivered: they are raised in every round, and sent once.
    private var sent: Set<String> = []

    /// Watches the log of `monitor`, whose name is `origin` if that is known.
    public init(
        monitor: LogMonitor,
        origin: LogOrigin?,
        rules: AuditRules,
        state: StateFile,
        channels: [any AlertChannel],
        now: @escaping @Sendable () -> EntryTimestamp
    ) {
        self.monitor = monitor
        self.origin = origin
        self.rules = rules
        self.state = state
        self.channels = channels
        self.now = now
    }

    /// Looks once. Throws when the log couldn't be checked, or somebody couldn't be told.
    public mutating func round() async throws(MonitoringError) -> Round {
        var round = Round()
        let stored = try state.load()
        do throws(MonitoringError) {
            try await look(stored, &round)
            noteSuccess()
        } catch .fault(let fault) {
            // The checkpoint itself is bad: there is nothing signed to keep.
            noteSuccess()
            let log = (origin ?? stored?.checkpoint.origin)?.name ?? ""
            try await raise(Alert(fault, log: log, trusted: stored?.checkpoint, seen: nil), &round)
        } catch {
            try await noteFailure(error, stored, &round)
            throw error
        }
        return round
    }

    private mutating func look(_ stored: FollowerState?, _ round: inout Round) async throws(MonitoringError) {
        let trusted = stored?.checkpoint
        let seen = try await monitor.checkpoint(origin: origin ?? trusted?.origin)
        round.size = seen.head.size
        if seen.head != trusted?.head {
            do throws(MonitoringError) {
                try await follow(stored, to: seen, &round)
            } catch .fault(let fault) {
                let alert = Alert(fault, log: seen.origin.name, trusted: trusted, seen: seen)
                // Told before it is kept, and kept though nobody could be told: a full disk silences no alarm.
                var failure: MonitoringError?
                do throws(MonitoringError) { try await raise(alert, &round) } catch { failure = error }
                _ = try state.keepEvidence(alert)
                if let failure { throw failure }
                return
            }
        }
        guard let staleAfter = rules.staleAfter else { return }
        let (age, isFuture) = now().milliseconds.subtractingReportingOverflow(seen.head.timestamp.milliseconds)
        guard !isFuture, Duration.milliseconds(Int64(clamping: age)) > staleAfter else { return }
        var alert = Alert(
            .checkpointStale,
            log: seen.origin.name,
            detail: "the checkpoint is older than \(staleAfter.components.seconds) seconds",
            evidence: [seen.note]
        )
        alert.timestamp = seen.head.timestamp
        try await raise(alert, &round)
    }

    private mutating func follow(
        _ stored: FollowerState?,
        to seen: SeenCheckpoint,
        _ round: inout Round
    ) async throws(MonitoringError) {
        var serials =
            try stored.map { state throws(MonitoringError) in try self.state.serials(state) }
            ?? SerialMemory(isStored: true)
        try await monitor.follow(
            from: stored?.checkpoint.head,
            to: seen.head,
            isWhole: false,
            serials: &serials,
            visit: { entry throws(MonitoringError) in
                round.entryCount += 1
                for finding in entry.findings + rules.findings(entry) {
                    round.alertCount += 1
                    try await deliver(finding, entry, seen.origin.name, round)
                }
            }
        )
        _ = try state.save(seen, after: stored, serials: &serials)
    }

    private func deliver(
        _ finding: Finding,
        _ entry: CheckedEntry,
        _ log: String,
        _ round: Round
    ) async throws(MonitoringError) {
        if round.alertCount <= Self.alertsMax {
            try await deliver(Alert(finding, entry, log: log))
        } else if round.alertCount == Self.alertsMax + 1 {
            let detail = "more than \(Self.alertsMax) alerts in one look: the rest isn't sent"
            try await deliver(Alert(.alertsOmitted, log: log, detail: detail))
        }
    }

    private func deliver(_ alert: Alert) async throws(MonitoringError) {
        // Every channel is tried: one that is broken doesn't keep the others from hearing.
        var failure: MonitoringError?
        for channel in channels {
            do throws(MonitoringError) { try await channel.deliver(alert) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Sends an alarm that is the same in every round once.
    private mutating func raise(_ alert: Alert, _ round: inout Round) async throws(MonitoringError) {
        round.alertCount += 1
        guard !sent.contains(alert.id) else { return }
        try await deliver(alert)
        if sent.count >= Self.alertsMax { sent = [] }
        sent.insert(alert.id)
    }

    private mutating func noteSuccess() {
        failures = 0
        toldUnreachable = false
    }

    private mutating func noteFailure(
        _ error: MonitoringError,
        _ stored: FollowerState?,
        _ round: inout Round
    ) async throws(MonitoringError) {
        if case .undelivered = error { return }
        failures += 1
        guard failures >= Self.failuresMax, !toldUnreachable else { return }
        let log = (origin ?? stored?.checkpoint.origin)?.name ?? ""
        try await deliver(Alert(.logUnreachable, log: log, detail: "\(failures) looks failed: \(error)"))
        toldUnreachable = true
    }
}
