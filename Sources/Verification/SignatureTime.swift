import Wire

/// A moment at which a signature was there, as somebody trusted says.
public struct SignatureTime: Sendable, Equatable {
    /// Who says so.
    public enum Source: Sendable, Equatable {
        /// A record log, when it took the entry.
        case log
        /// A timestamp authority (RFC 3161).
        case authority
    }

    /// Who says so.
    public let source: Source
    /// Where it is, as the trusted root says.
    public let uri: String
    /// The moment, in milliseconds since 1970; a log's is in whole seconds.
    public let milliseconds: Int64

    /// The moment in whole seconds, as certificates count.
    public var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    /// For people: the moment and who says so.
    var text: String {
        let source = source == .log ? "log" : "timestamp authority"
        return "\(RFC3339.text(seconds: seconds)), by the \(source) \(uri)"
    }
}
