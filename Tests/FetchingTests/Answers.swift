import Fetching

/// Heads and bodies of answers.
enum Answers {
    static let ok = text(200, "OK", body: "hello")

    static func text(_ status: Int, _ reason: String, headers: [String] = [], body: String = "") -> String {
        let lines = ["HTTP/1.1 \(status) \(reason)", "Content-Length: \(body.utf8.count)"] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    static func redirect(to location: String, status: Int = 302) -> String {
        text(status, "Found", headers: ["Location: \(location)"])
    }

    static func chunked(bytes: Int) -> String {
        var text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = String(repeating: "x", count: 100)
        for _ in 0..<bytes / 100 { text += "64\r\n\(chunk)\r\n" }
        return text + "0\r\n\r\n"
    }
}

extension FetchRequest {
    /// A request without the environment's proxies, to plain HTTP.
    static func plain(_ url: String, timeoutSeconds: Int = 20, bytesMax: Int = 1 << 20, redirectsMax: Int = 0) -> Self {
        FetchRequest(
            url: url,
            timeoutSeconds: timeoutSeconds,
            responseBytesMax: bytesMax,
            policy: FetchPolicy(allowsHTTP: true, redirectsMax: redirectsMax, proxy: .direct)
        )
    }
}

/// A fetcher that is shut down when the test lets go of it.
final class OwnedFetcher: Sendable {
    let fetcher: Fetcher

    init(inFlightMax: Int = 256) { fetcher = Fetcher(inFlightMax: inFlightMax) }

    deinit { fetcher.shutdown() }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse { try await fetcher.fetch(request) }
}
