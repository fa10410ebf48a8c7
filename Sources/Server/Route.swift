/// The paths of Fulcio's and Rekor's API and of operation; exact, for Fulcio answers 404 to `/healthz/` (API-5).
enum Route: String, CaseIterable, Sendable {
    case signingCertificateV2 = "/api/v2/signingCert"
    case trustBundle = "/api/v2/trustBundle"
    case configuration = "/api/v2/configuration"
    case signingCertificateV1 = "/api/v1/signingCert"
    case rootCertificate = "/api/v1/rootCert"
    case recordEntriesV2 = "/api/v2/log/entries"
    case timestamp = "/api/v1/timestamp"
    case timestampChain = "/api/v1/timestamp/certchain"
    case health = "/healthz"
    case readiness = "/readyz"
    case metrics = "/metrics"

    private static let byPath = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The route of a path, query excluded; nil for every other path.
    init?(path: Substring) {
        guard let route = Self.byPath[String(path)] else { return nil }
        self = route
    }

    /// Whether the route is called with POST; the others are called with GET, or HEAD.
    var takesBody: Bool {
        switch self {
        case .signingCertificateV1, .signingCertificateV2, .recordEntriesV2, .timestamp: true
        case .trustBundle, .configuration, .rootCertificate, .timestampChain, .health, .readiness, .metrics: false
        }
    }
}

extension Substring {
    /// The path with one slash where there are several: a client whose URL ends in a slash sends `//api/v2/…`.
    var withSingleSlashes: Substring {
        guard contains("//") else { return self }
        var path = ""
        for character in self where character != "/" || path.last != "/" { path.append(character) }
        return path[...]
    }
}
