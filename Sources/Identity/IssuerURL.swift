/// A token issuer's name, compared byte by byte: `https://a.example` and `https://a.example/` are two issuers (OIDC-40).
public struct IssuerURL: Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let text: String

    /// Takes a configured or a received name.
    init(_ text: String) {
        self.text = text
    }

    /// The text.
    public var description: String { text }

    /// Whether it is reached without TLS.
    var isPlain: Bool { text.hasPrefix("http://") }
}
