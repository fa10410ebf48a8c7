/// Why a request got no answer. No case carries a URL's query, a header or a body.
public enum FetchError: Error, Equatable, Sendable {
    /// The URL can't be used: not one, or with a scheme that the policy doesn't allow.
    case urlRefused
    /// The name has no address.
    case hostUnknown
    /// Nobody answers there.
    case connectionFailed
    /// TLS failed: most often the peer's certificate isn't signed by a CA that is trusted here.
    case tlsFailed
    /// The whole exchange took too long.
    case timeout
    /// The answer is larger than allowed, in bytes.
    case tooLarge(bytesMax: Int)
    /// The answer redirects to where the policy doesn't follow.
    case redirectRefused(host: String)
    /// The connection broke, or what came isn't HTTP.
    case transferFailed
    /// Too many requests are waiting.
    case busy
    /// The task was cancelled, or the fetcher shut down.
    case cancelled
}

extension FetchError: CustomStringConvertible {
    /// A few words, safe to show.
    public var description: String {
        switch self {
        case .urlRefused: "the URL can't be used"
        case .hostUnknown: "the host has no address"
        case .connectionFailed: "nobody answers there"
        case .tlsFailed: "TLS failed; is the CA trusted?"
        case .timeout: "it took too long"
        case .tooLarge(let bytesMax): "the answer has more than \(bytesMax) bytes"
        case .redirectRefused(let host): "it redirects to \(host), which isn't followed"
        case .transferFailed: "the connection broke"
        case .busy: "too many requests are waiting"
        case .cancelled: "it was cancelled"
        }
    }
}
