import Verification
import Wire

/// Where to sign (`SigningConfig` of `sigstore_trustroot.proto`, version 0.2).
///
/// ```
/// message SigningConfig {
///   string media_type = 5;
///   repeated Service ca_urls = 6;          repeated Service oidc_urls = 7;
///   repeated Service rekor_tlog_urls = 8;  ServiceConfiguration rekor_tlog_config = 9;
///   repeated Service tsa_urls = 10;        ServiceConfiguration tsa_config = 11;
/// }
/// message Service { string url = 1; uint32 major_api_version = 2; TimeRange valid_for = 3; string operator = 4; }
/// message ServiceConfiguration { ServiceSelector selector = 1; uint32 count = 2; }
/// ```
public struct SigningConfiguration: Sendable, Equatable {
    /// The one media type that is known.
    static let mediaType = "application/vnd.dev.sigstore.signingconfig.v0.2+json"
    /// The most bytes of a configuration, and of a client's with its trusted root.
    public static let bytesMax = TrustedRoot.bytesMax
    /// The most services of a kind.
    private static let servicesMax = 32
    static let fields = [
        "mediaType", "caUrls", "oidcUrls", "rekorTlogUrls", "rekorTlogConfig", "tsaUrls", "tsaConfig",
    ]

    /// The URLs to use of each kind of service, without a slash at the end; those of the timestamp authorities in full.
    let urls: [SigningService: [String]]

    /// A server that has every service at its well-known path, such as `mayfly serve`.
    public init(server url: String) {
        let url = Self.trimmed(url)
        urls = [.authority: [url], .timestamps: ["\(url)/api/v1/timestamp"], .log: [url]]
    }

    /// Reads a configuration, and chooses the services that are in use at a moment. Throws `.configuration`,
    /// `.configurationUnknown` and `.serviceMissing`.
    public init(json: [UInt8], atMilliseconds now: Int64) throws(SigningError) {
        let message = try Self.reading { () throws(ProtoFault) in
            try ProtoObject(parsing: json, limits: JSONLimits(bytesMax: Self.bytesMax), fields: Self.fields)
        }
        try self.init(message, atMilliseconds: now)
    }

    /// The same for the message inside a client's configuration.
    init(_ message: ProtoObject, atMilliseconds now: Int64) throws(SigningError) {
        let mediaType = try Self.reading { () throws(ProtoFault) in try message.text("mediaType") }
        guard mediaType == Self.mediaType else { throw .configurationUnknown(String(mediaType.prefix(80))) }
        // Whoever brings a token needs no provider of tokens; that part is read, so that it isn't wrong.
        _ = try Self.reading { () throws(ProtoFault) in try Self.services("oidcUrls", in: message) }
        var urls: [SigningService: [String]] = [:]
        for service in SigningService.allCases {
            let chosen = try Self.reading { () throws(ProtoFault) in
                let (list, selection) = Self.names(service)
                let usable = try Self.services(list, in: message).filter {
                    $0.version == service.version && $0.window.contains(milliseconds: now)
                }
                return try Self.choose(usable, selection, in: message)
            }
            guard !chosen.isEmpty else { throw .serviceMissing(service) }
            urls[service] = chosen.map(Self.trimmed)
        }
        self.urls = urls
    }

    private struct Service {
        let url: String
        let version: Int64
        let window: ValidityWindow
        let provider: String
    }

    private static func names(_ service: SigningService) -> (list: String, selection: String?) {
        switch service {
        case .authority: ("caUrls", nil)
        case .timestamps: ("tsaUrls", "tsaConfig")
        case .log: ("rekorTlogUrls", "rekorTlogConfig")
        }
    }

    private static func services(_ name: String, in message: ProtoObject) throws(ProtoFault) -> [Service] {
        var services: [Service] = []
        for item in try message.objects(
            name,
            max: servicesMax,
            fields: ["url", "majorApiVersion", "validFor", "operator"]
        ) {
            let url = try item.text("url")
            guard !url.isEmpty else { throw ProtoFault(path: item.path("url"), rule: .missing) }
            services.append(
                Service(
                    url: url,
                    version: try item.integer("majorApiVersion"),
                    window: try ValidityWindow(try item.object("validFor", fields: ValidityWindow.fields)),
                    provider: try item.text("operator")
                )
            )
        }
        return services
    }

    /// As many as the configuration asks for: one, all, or a number of different operators; none when there are too few.
    private static func choose(
        _ services: [Service],
        _ selection: String?,
        in message: ProtoObject
    ) throws(ProtoFault) -> [String] {
        let asked = try selection.flatMap { name throws(ProtoFault) in
            try message.object(name, fields: ["selector", "count"])
        }
        switch try asked?.enumeration("selector", [1: "ALL", 2: "ANY", 3: "EXACT"]) {
        case "ALL": return services.map(\.url)
        case "EXACT":
            var operators: Set<String> = []
            let different = services.filter { operators.insert($0.provider).inserted }
            let count = try asked?.integer("count") ?? 0
            guard count > 0, count <= Int64(different.count) else { return [] }
            return different.prefix(Int(count)).map(\.url)
        default: return services.prefix(1).map(\.url)
        }
    }

    static func trimmed(_ url: String) -> String {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    static func reading<Result>(_ body: () throws(ProtoFault) -> Result) throws(SigningError) -> Result {
        do { return try body() } catch { throw .configuration(error) }
    }
}
