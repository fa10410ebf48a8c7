/// Whom a verifier believes (`TrustedRoot` of `sigstore_trustroot.proto`).
///
/// ```
/// message TrustedRoot {
///   string media_type = 1;
///   repeated TransparencyLogInstance tlogs = 2;   repeated CertificateAuthority certificate_authorities = 3;
///   repeated TransparencyLogInstance ctlogs = 4;  repeated CertificateAuthority timestamp_authorities = 5;
/// }
/// ```
public struct TrustedRoot: Sendable, Equatable {
    /// The one media type that clients take.
    public static let mediaType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
    /// The most bytes of a trusted root.
    public static let bytesMax = 1 << 22

    /// The record logs.
    public let logs: [TrustedLog]
    /// The CAs.
    public let certificateAuthorities: [TrustedAuthority]
    /// The certificate logs.
    public let certificateLogs: [TrustedLog]
    /// The timestamp authorities.
    public let timestampAuthorities: [TrustedAuthority]

    /// Puts the parts together.
    public init(
        logs: [TrustedLog],
        certificateAuthorities: [TrustedAuthority],
        certificateLogs: [TrustedLog],
        timestampAuthorities: [TrustedAuthority]
    ) {
        self.logs = logs
        self.certificateAuthorities = certificateAuthorities
        self.certificateLogs = certificateLogs
        self.timestampAuthorities = timestampAuthorities
    }
}
