public import Fetching
import Wire

/// Alerts as HTTP POST requests with a JSON body.
public struct WebhookChannel: AlertChannel {
    private static let attemptsMax = 3

    /// See ``AlertChannel/name``.
    public let name = "the webhook"
    private let url: String
    private let token: String?
    private let fetcher: Fetcher
    private let policy: FetchPolicy

    /// Posts to `url`, with `token` as bearer token.
    public init(url: String, token: String?, fetcher: Fetcher, policy: FetchPolicy) {
        self.url = url
        self.token = token
        self.fetcher = fetcher
        self.policy = policy
    }

    /// See ``AlertChannel/deliver(_:)``. Three attempts, one and two seconds between them; any status from 200 to 299
    /// is good.
    public func deliver(_ alert: Alert) async throws(MonitoringError) {
        var headers = [("Content-Type", "application/json")]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        let request = FetchRequest(
            url: url,
            method: .post,
            headers: headers,
            body: alert.json.encoded(),
            policy: policy
        )
        var problem = ""
        for attempt in 1...Self.attemptsMax {
            do throws(FetchError) {
                let status = try await fetcher.fetch(request).status
                if (200..<300).contains(status) { return }
                problem = "it answered \(status)"
            } catch {
                problem = "\(error)"
            }
            guard attempt < Self.attemptsMax, (try? await Task.sleep(for: .seconds(attempt))) != nil else { break }
        }
        throw .undelivered(channel: name, problem: problem)
    }
}
