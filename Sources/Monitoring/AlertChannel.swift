/// Where alerts go.
public protocol AlertChannel: Sendable {
    /// What it is, for errors: never its address, which may be a secret.
    var name: String { get }

    /// Hands an alert over; returns when the other side has it. Throws `.undelivered`.
    func deliver(_ alert: Alert) async throws(MonitoringError)
}
