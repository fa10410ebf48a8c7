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

    /// Swift's own comparison takes texts for equal that Unicode does, such as the Kelvin sign and K.
    public static func == (left: IssuerURL, right: IssuerURL) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Whether it is reached without TLS.
    var isPlain: Bool { text.hasPrefix("http://") }
}
