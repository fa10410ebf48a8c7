/// A host and a port to listen on.
public struct ListenAddress: Sendable, Equatable {
    /// The loopback port that everything about Mayfly uses unless told otherwise.
    public static let `default` = ListenAddress(host: "127.0.0.1", port: 5555)

    /// An IP address or a name.
    public let host: String
    /// 0 … 65535; 0 lets the system choose.
    public let port: Int

    /// For the constants of this type.
    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, `[IPV6]:PORT` or `:PORT`, which means every address; nil when it is none of them.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self.init(host: host.isEmpty ? "::" : String(host), port: port)
    }

    /// The same host with the port that the system chose.
    public func bound(to port: Int) -> ListenAddress {
        ListenAddress(host: host, port: port)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The form that is read, IPv6 in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
