public import Fetching
public import Keys

/// How to reach and how to check another's log.
public struct RemoteLogSettings: Sendable {
    /// The log's URL with its prefix, without a slash at the end.
    public let url: String
    /// The log's key: no timestamp is used that isn't signed by it.
    public let publicKey: PublicKey
    /// Which CAs may have signed the log's TLS certificate.
    public let policy: FetchPolicy
    /// The `Host` header, where it differs from the URL's host (CT-2).
    public let hostHeader: String?
    /// How long a submission may take with all its retries, in seconds.
    public let deadlineSeconds: Int
    /// How many submissions may be under way at once; half of what the fetcher takes, so that a slow log can't keep
    /// tokens from being verified.
    public let submissionsMax: Int

    /// Puts the settings together.
    public init(
        url: String,
        publicKey: PublicKey,
        policy: FetchPolicy,
        hostHeader: String? = nil,
        deadlineSeconds: Int = 20,
        submissionsMax: Int = 128
    ) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.publicKey = publicKey
        self.policy = policy
        self.hostHeader = hostHeader
        self.deadlineSeconds = deadlineSeconds
        self.submissionsMax = submissionsMax
    }
}
