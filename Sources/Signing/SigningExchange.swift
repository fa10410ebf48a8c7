public import Fetching
import Wire

/// Sends the requests of a signer; in tests something else than the network answers.
public struct SigningExchange: Sendable {
    /// How a request is answered.
    public typealias Fetch = @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse

    /// Seconds, and bytes of an answer: as other clients have it.
    private static let timeoutSeconds = 30
    private static let bytesMax = 1 << 20

    private let fetch: Fetch

    /// Takes a way to send requests, such as `fetcher.fetch`.
    public init(_ fetch: @escaping Fetch) {
        self.fetch = fetch
    }

    /// Fetches the trusted root that a server offers at `/trust/trusted_root.json`. Whoever uses it believes the server
    /// whatever it says. Throws `.unreachable` and `.refused`.
    public func trustedRoot(of server: String) async throws(SigningError) -> [UInt8] {
        let url = "\(SigningConfiguration.trimmed(server))/trust/trusted_root.json"
        return try await send(
            FetchRequest(url: url, timeoutSeconds: Self.timeoutSeconds),
            of: .authority,
            accepted: [200]
        )
    }

    /// Posts a body and returns the answer's. Throws `.unreachable` and, for a status that isn't among these, `.refused`.
    func post(
        _ body: [UInt8],
        to url: String,
        of service: SigningService,
        headers: [(String, String)],
        accepted: [Int]
    ) async throws(SigningError) -> [UInt8] {
        let request = FetchRequest(
            url: url,
            method: .post,
            headers: headers,
            body: body,
            timeoutSeconds: Self.timeoutSeconds,
            responseBytesMax: Self.bytesMax
        )
        return try await send(request, of: service, accepted: accepted)
    }

    private func send(
        _ request: FetchRequest,
        of service: SigningService,
        accepted: [Int]
    ) async throws(SigningError) -> [UInt8] {
        var request = request
        request.policy = FetchPolicy(allowsHTTP: request.url.hasPrefix("http://"))
        let response: FetchResponse
        do { response = try await fetch(request) } catch { throw .unreachable(service, url: request.url, error) }
        guard accepted.contains(response.status) else {
            let message = (try? JSON.parse(response.body))?["message"]?.string
            throw .refused(
                service,
                status: response.status,
                message: String((message ?? "no reason given").prefix(500))
            )
        }
        return response.body
    }
}
