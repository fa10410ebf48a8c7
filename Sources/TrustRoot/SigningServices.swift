public import Wire

/// Where those who sign find the services of one installation.
public struct SigningServices: Sendable {
    /// The certificate authority: clients append `/api/v2/signingCert`, and some of them drop a path before that.
    public let certificateAuthority: ServiceURL
    /// Token issuers for people, each as its tokens name it; clients ask the first.
    public let issuers: [String]
    /// The record log, if there is one; clients append `/api/v2/log/entries`, or `/api/v1/…` if they know no better.
    public let recordLog: ServiceURL?
    /// The timestamp authority's whole URL, if there is one.
    public let timestampAuthority: ServiceURL?
    /// Who runs them: clients that want several logs take them of different operators.
    public let operatorName: String
    /// Since when, in seconds since 1970.
    public let startSeconds: Int64

    /// States where the services are.
    public init(
        certificateAuthority: ServiceURL,
        issuers: [String],
        recordLog: ServiceURL?,
        timestampAuthority: ServiceURL?,
        operatorName: String,
        startSeconds: Int64
    ) {
        self.certificateAuthority = certificateAuthority
        self.issuers = issuers
        self.recordLog = recordLog
        self.timestampAuthority = timestampAuthority
        self.operatorName = operatorName
        self.startSeconds = startSeconds
    }

    /// `signing_config.v0.2.json`. The version of a certificate authority is 1, though the path says v2; of the record
    /// log's two versions clients take the highest that they know.
    public func signingConfig() -> JSONText {
        let versions: [Int64] = [2, 1]
        return .object([
            ("mediaType", .string("application/vnd.dev.sigstore.signingconfig.v0.2+json")),
            ("caUrls", .array([service(certificateAuthority.text)])),
            ("oidcUrls", .array(issuers.map { service($0) })),
            (
                "rekorTlogUrls",
                .array(recordLog.map { log in versions.map { service(log.text, version: $0) } } ?? [])
            ),
            ("rekorTlogConfig", .object([("selector", .string("ANY"))])),
            ("tsaUrls", .array(timestampAuthority.map { [service($0.text)] } ?? [])),
            ("tsaConfig", .object([("selector", .string("ANY"))])),
        ])
    }

    private func service(_ url: String, version: Int64 = 1) -> JSONText {
        .object([
            ("url", .string(url)),
            ("majorApiVersion", .integer(version)),
            ("validFor", ValidityWindow(startSeconds: startSeconds).json),
            ("operator", .string(operatorName)),
        ])
    }
}
