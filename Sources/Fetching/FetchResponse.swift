/// The answer to a request, of any status.
public struct FetchResponse: Sendable {
    /// The HTTP status, 200 … 599 but for redirects that were followed.
    public let status: Int
    /// The headers, names in lower case; of several with one name the last.
    public let headers: [String: String]
    /// The body.
    public let body: [UInt8]

    /// Puts an answer together; public, so that a test can answer in the network's place.
    public init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
