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
    /// The most seconds the whole exchange may take, redirects included; from 1 to 3600.
    public var timeoutSeconds: Int
    /// The most bytes of the answer's body.
    public var responseBytesMax: Int
    /// What it may do on the network.
    public var policy: FetchPolicy

    /// Describes a request; as given, ten seconds and one MiB.
    public init(
        url: String,
        method: Method = .get,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        timeoutSeconds: Int = 10,
        responseBytesMax: Int = 1 << 20,
        policy: FetchPolicy = FetchPolicy()
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
    /// Scheme, host and path of the URL; credentials, query, headers and body may be secrets.
    public var description: String {
        let place = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = place.range(of: "://") else { return String(place) }
        let rest = place[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return String(place[..<scheme.upperBound] + host + rest[authority.endIndex...])
    }
}

extension FetchRequest: CustomDebugStringConvertible, CustomReflectable {
    /// As ``description``: a bearer token among the headers must not get into a log by way of a debugger's view.
    public var debugDescription: String { description }

    /// Without children, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
