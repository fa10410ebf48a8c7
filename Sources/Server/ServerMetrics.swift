import Authority
import Synchronization

/// Counts what happens and writes it in Prometheus' text format. Labels are routes, statuses and reasons of ours,
/// never input, so their number is bounded.
final class ServerMetrics: Sendable {
    /// One series of the request counter.
    private struct Request: Hashable {
        let route: String
        let status: Int
    }

    private struct Counts {
        var requests: [Request: Int] = [:]
        var refusals: [String: Int] = [:]
        var issued: [String: Int] = [:]
        var timestamps: [String: Int] = [:]
        var tokenReuses = 0
        var reportedDenials = 0
        var seconds = Histogram()
        var entryRefusals: [String: Int] = [:]
        var entrySeconds = Histogram()
    }

    /// Times of issuance and logging. Bounds in seconds: what is usual is under 10 ms, what is alarming is over a second.
    private struct Histogram {
        static let bounds = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0

        mutating func observe(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    private let counts = Mutex(Counts())

    /// Counts an answer.
    func answered(route: String, status: Int) {
        counts.withLock { $0.requests[Request(route: route, status: status), default: 0] += 1 }
    }

    /// Counts a refusal by its reason.
    func refused(reason: String) {
        counts.withLock { $0.refusals[reason, default: 0] += 1 }
    }

    /// Counts a request for a timestamp: `granted`, RFC 3161's name of a failure, or a reason.
    func timestamped(result: String) {
        counts.withLock { $0.timestamps[result, default: 0] += 1 }
    }

    /// Counts a certificate, and the time from request to answer.
    func issued(_ issued: Issued, seconds: Double) {
        counts.withLock {
            $0.issued[issued.issuerType, default: 0] += 1
            if issued.isTokenReused { $0.tokenReuses += 1 }
            if issued.isDenialReported { $0.reportedDenials += 1 }
            $0.seconds.observe(seconds)
        }
    }

    /// Counts a refusal of an entry for the record log by its reason.
    func refusedEntry(reason: String) {
        counts.withLock { $0.entryRefusals[reason, default: 0] += 1 }
    }

    /// Counts an entry in the record log, and the time from request to answer.
    func logged(seconds: Double) {
        counts.withLock { $0.entrySeconds.observe(seconds) }
    }

    /// The text format, version 0.0.4. `gauges` are what the caller measures now.
    func text(gauges: [(name: String, help: String, value: Double)]) -> String {
        let counts = counts.withLock { $0 }
        var text = ""
        text += Self.header("mayfly_http_requests_total", "Answers by route and status.", "counter")
        for (key, count) in counts.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
        ) {
            text += "mayfly_http_requests_total{route=\"\(key.route)\",code=\"\(key.status)\"} \(count)\n"
        }
        text += Self.header("mayfly_certificates_issued_total", "Certificates by type of issuer.", "counter")
        for (type, count) in counts.issued.sorted(by: { $0.key < $1.key }) {
            text += "mayfly_certificates_issued_total{issuer_type=\"\(type)\"} \(count)\n"
        }
        for (name, help, count) in [
            ("mayfly_token_reuses_total", "Certificates for tokens that had got one before.", counts.tokenReuses),
            (
                "mayfly_rules_reported_total", "Certificates that a rule would have refused if it were enforced.",
                counts.reportedDenials
            ),
        ] {
            text += Self.header(name, help, "counter") + "\(name) \(count)\n"
        }
        text += Self.header("mayfly_refusals_total", "Requests for a certificate refused, by reason.", "counter")
        for (reason, count) in counts.refusals.sorted(by: { $0.key < $1.key }) {
            text += "mayfly_refusals_total{reason=\"\(reason)\"} \(count)\n"
        }
        text += Self.header(
            "mayfly_record_refusals_total",
            "Requests for an entry in the record log refused, by reason.",
            "counter"
        )
        for (reason, count) in counts.entryRefusals.sorted(by: { $0.key < $1.key }) {
            text += "mayfly_record_refusals_total{reason=\"\(reason)\"} \(count)\n"
        }
        text += Self.histogram("mayfly_issuance_seconds", "Time from request to certificate.", counts.seconds)
        text += Self.histogram(
            "mayfly_record_seconds",
            "Time from request to an entry in the record log.",
            counts.entrySeconds
        )
        text += Self.header("mayfly_timestamps_total", "Requests for a timestamp, by result.", "counter")
        for (result, count) in counts.timestamps.sorted(by: { $0.key < $1.key }) {
            text += "mayfly_timestamps_total{result=\"\(result)\"} \(count)\n"
        }
        for gauge in gauges {
            text += Self.header(gauge.name, gauge.help, "gauge") + "\(gauge.name) \(gauge.value)\n"
        }
        return text
    }

    private static func histogram(_ name: String, _ help: String, _ histogram: Histogram) -> String {
        var text = header(name, help, "histogram")
        var total = 0
        for (bound, count) in zip(Histogram.bounds, histogram.counts) {
            total += count
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
        }
        total += histogram.counts.last ?? 0
        return text + "\(name)_bucket{le=\"+Inf\"} \(total)\n\(name)_sum \(histogram.sum)\n\(name)_count \(total)\n"
    }

    private static func header(_ name: String, _ help: String, _ type: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}
