public import Fetching

/// A log that is served, below a URL.
public struct URLLogSource: LogSource {
    private static let attemptsMax = 4

    private let prefix: String
    private let fetcher: Fetcher
    private let policy: FetchPolicy
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Reads below `url`, such as `https://ca.example.com/ct`; `sleep` waits between attempts.
    public init(
        url: String,
        fetcher: Fetcher,
        policy: FetchPolicy,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        prefix = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.fetcher = fetcher
        self.policy = policy
        self.sleep = sleep
    }

    /// See ``LogSource/read(_:bytesMax:)``. Up to four attempts, half a second, one and two between them.
    public func read(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]? {
        var attempt = 1
        while true {
            let failure: MonitoringError
            do throws(MonitoringError) {
                return try await fetch(path, bytesMax: bytesMax)
            } catch {
                failure = error
            }
            guard attempt < Self.attemptsMax, Self.isWorthRetrying(failure),
                (try? await sleep(.milliseconds(250 << attempt))) != nil
            else { throw failure }
            attempt += 1
        }
    }

    private func fetch(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]? {
        let request = FetchRequest(
            url: "\(prefix)/\(path)",
            timeoutSeconds: 30,
            responseBytesMax: bytesMax,
            policy: policy
        )
        let response: FetchResponse
        do {
            response = try await fetcher.fetch(request)
        } catch .tooLarge {
            throw .fault(.tooLarge(path: path, bytesMax: bytesMax))
        } catch {
            throw .unreachable(path: path, error)
        }
        switch response.status {
        case 200: return response.body
        case 404, 410: return nil
        default: throw .status(path: path, response.status)
        }
    }

    private static func isWorthRetrying(_ error: MonitoringError) -> Bool {
        switch error {
        case .unreachable(_, let error): [.connectionFailed, .timeout, .transferFailed, .busy].contains(error)
        case .status(_, let status): status == 429 || status >= 500
        default: false
        }
    }
}
