import Wire

/// One request for a certificate, in the answer's header, the log lines and the issuance record.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public let text: String

    /// Draws 128 bits from the system.
    public static func random() -> RequestID {
        let words = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        return RequestID(text: Hexadecimal.encode(bytes))
    }

    /// Takes an ID that was stored.
    public init(text: String) {
        self.text = text
    }

    /// The digits.
    public var description: String { text }
}
