/// What a request may do on the network.
public struct FetchPolicy: Sendable, Hashable {
    /// Which CAs may have signed the peer's certificate.
    public enum Authorities: Sendable, Hashable {
        /// The system's.
        case system
        /// The system's and these, in PEM.
        case systemPlus(pem: [UInt8])
        /// These only, in PEM.
        case only(pem: [UInt8])
    }

    /// Whether `http` is allowed; `https` always is.
    public var allowsHTTP: Bool
    /// How many redirects within the same scheme, host and port are followed.
    public var redirectsMax: Int
    /// Which CAs are trusted.
    public var authorities: Authorities
    /// Which proxy it goes through.
    public var proxy: ProxyChoice

    /// Sets the policy; as given, `https` to the system's CAs without redirects, through the environment's proxy.
    public init(
        allowsHTTP: Bool = false,
        redirectsMax: Int = 0,
        authorities: Authorities = .system,
        proxy: ProxyChoice = .environment
    ) {
        self.allowsHTTP = allowsHTTP
        self.redirectsMax = redirectsMax
        self.authorities = authorities
        self.proxy = proxy
    }
}
