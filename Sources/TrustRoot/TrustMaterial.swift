public import Wire

/// All that a verifier must know of one installation: who may have signed what, and when.
public struct TrustMaterial: Sendable {
    /// Who issues certificates, retired ones too.
    public var certificateAuthorities: [TrustedAuthority]
    /// The logs of certificates.
    public var certificateLogs: [TrustedLog]
    /// The logs of signatures. One entry serves both versions of the API: the key's hash is the id in each.
    public var recordLogs: [TrustedLog]
    /// Who stamps times.
    public var timestampAuthorities: [TrustedAuthority]

    /// States what is trusted.
    public init(
        certificateAuthorities: [TrustedAuthority],
        certificateLogs: [TrustedLog],
        recordLogs: [TrustedLog],
        timestampAuthorities: [TrustedAuthority]
    ) {
        self.certificateAuthorities = certificateAuthorities
        self.certificateLogs = certificateLogs
        self.recordLogs = recordLogs
        self.timestampAuthorities = timestampAuthorities
    }

    /// `trusted_root.json`. The media type is that of version 0.1: clients refuse 0.2, whatever the specification says, and
    /// they refuse members that they don't know. Throws ``TrustRootError``.
    public func trustedRoot() throws(TrustRootError) -> JSONText {
        .object([
            ("mediaType", .string("application/vnd.dev.sigstore.trustedroot+json;version=0.1")),
            ("tlogs", try Self.logs(recordLogs)),
            ("certificateAuthorities", try Self.authorities(certificateAuthorities)),
            ("ctlogs", try Self.logs(certificateLogs)),
            ("timestampAuthorities", try Self.authorities(timestampAuthorities)),
        ])
    }

    private static func logs(_ logs: [TrustedLog]) throws(TrustRootError) -> JSONText {
        var elements: [JSONText] = []
        for log in logs { elements.append(try log.json()) }
        return .array(elements)
    }

    private static func authorities(_ authorities: [TrustedAuthority]) throws(TrustRootError) -> JSONText {
        var elements: [JSONText] = []
        for authority in authorities { elements.append(try authority.json()) }
        return .array(elements)
    }
}
