/// What one request, and all of them together, may cost.
public struct AuthorityLimits: Sendable, Equatable {
    /// The most bytes of a request's body (API-18).
    public var bodyBytesMax = 1 << 22
    /// The most bytes of a request's headers; the token travels in one.
    public var headerBytesMax = 1 << 16
    /// How long a client may take to send one whole request, and a connection may be idle, in seconds.
    public var requestSeconds = 30
    /// How long an answer may take to be made and sent, in seconds.
    public var responseSeconds = 60
    /// The most open connections; more wait in the kernel.
    public var connectionsMax = 4096
    /// The most requests for a certificate under way or waiting; more are refused with 503.
    public var queueMax = 1024

    /// The defaults.
    public init() {}
}
