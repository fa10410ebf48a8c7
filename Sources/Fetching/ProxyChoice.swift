import Glibc

/// Which proxy a request goes through.
public enum ProxyChoice: Sendable, Hashable {
    /// The peer itself is asked.
    case direct
    /// The one that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name, in either letter case and never for this machine
    /// itself, as Go does.
    case environment
    /// This one for every request, whatever the environment says.
    case url(String)

    /// Reads `environment`, `none` or an `http` or `https` URL without credentials; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "environment": self = .environment
        case "none": self = .direct
        default:
            guard text.contains("://"), URLParts(text) != nil else { return nil }
            self = .url(text)
        }
    }

    /// What libcurl must be told, for it reads the environment nearly as Go does: an empty text for no proxy, nil to
    /// leave it to libcurl.
    static func ofEnvironment(for url: String) -> String? {
        guard let parts = URLParts(url), !parts.isLoopback else { return "" }
        // libcurl reads HTTPS_PROXY and NO_PROXY in both letter cases, but not HTTP_PROXY, which a CGI script's client
        // could set by a header `Proxy`. This is no CGI script, and Go reads it.
        guard parts.scheme == "http", getenv("http_proxy") == nil, let proxy = getenv("HTTP_PROXY") else { return nil }
        return String(cString: proxy)
    }
}
