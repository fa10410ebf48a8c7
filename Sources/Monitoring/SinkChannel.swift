public import Audit
import Wire

/// Alerts as JSON lines: to a file, to standard output or to syslog.
public struct SinkChannel: AlertChannel {
    /// See ``AlertChannel/name``.
    public let name = "the alerts' sink"
    private let sink: AuditSink

    /// Writes to an open sink.
    public init(_ sink: AuditSink) {
        self.sink = sink
    }

    /// See ``AlertChannel/deliver(_:)``.
    public func deliver(_ alert: Alert) async throws(MonitoringError) {
        do { try await sink.write(alert.json.encoded()) } catch {
            throw .undelivered(channel: name, problem: "\(error)")
        }
    }
}
