/// Where clients reach a service: an http or https URL without a slash at its end, for clients append paths to it.
public struct ServiceURL: Sendable, Hashable {
    /// Where everything about Mayfly listens unless told otherwise.
    public static let `default` = ServiceURL(
        text: "http://127.0.0.1:5555",
        scheme: "http",
        host: "127.0.0.1",
        isOrigin: true
    )

    /// The URL as it stands in files.
    public let text: String
    /// `http` or `https`.
    public let scheme: String
    /// The host without port, and without brackets if it is an IPv6 address: a log's origin, as Go's `url.Hostname()`
    /// has it.
    public let host: String
    /// Whether there is nothing behind host and port.
    public let isOrigin: Bool

    /// Checks a URL. Throws ``TrustRootError/url(_:rule:)``.
    public init(_ text: String) throws(TrustRootError) {
        func refuse(_ rule: String) -> TrustRootError { .url(text, rule: rule) }
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw refuse("must be of printable ASCII, 2048 at most")
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "http" || parts[0] == "https" else {
            throw refuse("must begin with http:// or https://")
        }
        guard !text.contains(where: { "?#\"<>\\^`{|}".contains($0) }) else {
            throw refuse("must have no query, no fragment and no quotes")
        }
        guard !text.hasSuffix("/") else { throw refuse("must not end with a slash") }
        let authority = parts[1].prefix { $0 != "/" }
        guard let host = Self.host(authority) else { throw refuse("must have a host, and a port as digits") }
        self.text = text
        scheme = String(parts[0])
        self.host = host
        isOrigin = authority.count == parts[1].count
    }

    private init(text: String, scheme: String, host: String, isOrigin: Bool) {
        self.text = text
        self.scheme = scheme
        self.host = host
        self.isOrigin = isOrigin
    }

    /// The URL with a path behind it, which begins with a slash and doesn't end with one.
    public func appending(_ path: String) -> ServiceURL {
        ServiceURL(text: "\(text)\(path)", scheme: scheme, host: host, isOrigin: false)
    }

    private static func host(_ authority: Substring) -> String? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.utf8.allSatisfy({ $0 == 0x3A || $0 == 0x2E || Self.isHexadecimal($0) }) else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard host.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || Self.isAlphanumeric($0) }) else {
                return nil
            }
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty { return String(host) }
        guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(rest.dropFirst()), (1...65_535).contains(port)
        else { return nil }
        return String(host)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}

extension ServiceURL: CustomStringConvertible {
    /// The URL.
    public var description: String { text }
}
