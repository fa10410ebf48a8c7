/// An HTTP request.
public struct FetchRequest: Sendable {
    /// The methods that are needed here.
    public enum Method: Sendable {
        /// Without a body.
        case get
        /// With a body.
        case post
    }

    /// An absolute URL.
    public var url: String
    /// The method.
    public var method: Method
    /// Further headers, `Content-Type` among them; a `Host` here replaces the URL's.
    public var headers: [(name: String, value: String)]
    /// The body of a `post`.
    public var body: [UInt8]
    /// The most seconds the whole exchange may take, redirects included.
    public var timeoutSeconds: Int
    /// The most bytes of the answer's body.
    public var responseBytesMax: Int
    /// What it may do on the network.
    public var policy: FetchPolicy

    /// Describes a request; as given, ten seconds and one MiB.
    public init(
        url: String, method: Method = .get, headers: [(String, String)] = [], body: [UInt8] = [],
        timeoutSeconds: Int = 10, responseBytesMax: Int = 1 << 20, policy: FetchPolicy = FetchPolicy()
    ) {
        self.url = url
        self.method = method
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.responseBytesMax = responseBytesMax
        self.policy = policy
    }
}

extension FetchRequest: CustomStringConvertible {
    /// The URL without its query; headers and body may hold secrets.
    public var description: String {
        String(url.prefix { $0 != "?" })
    }
}
