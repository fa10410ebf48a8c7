import Glibc

/// Which proxy a request goes through.
enum ProxyChoice: Equatable {
    /// The peer itself is asked.
    case none
    /// libcurl reads the environment.
    case environment
    /// This one.
    case named(String)

    init(_ request: FetchRequest) {
        guard request.policy.usesProxy, let parts = URLParts(request.url), !parts.isLoopback else {
            self = .none
            return
        }
        // libcurl reads HTTPS_PROXY and NO_PROXY in both letter cases, but not HTTP_PROXY, which a CGI script's client
        // could set by a header `Proxy`. This is no CGI script, and Go reads it.
        if parts.scheme == "http", getenv("http_proxy") == nil, let proxy = getenv("HTTP_PROXY") {
            self = .named(String(cString: proxy))
        } else {
            self = .environment
        }
    }
}
