public import Keys
import Wire

/// One request for a certificate, in the answer's header, the log lines and the issuance record.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public let text: String

    /// Draws 128 bits. Throws `.openSSL` when there is no randomness.
    public static func random() throws(KeysError) -> RequestID {
        RequestID(text: Hexadecimal.encode(try Randomness.bytes(16)))
    }

    /// Takes an ID that was stored.
    public init(text: String) {
        self.text = text
    }

    /// The digits.
    public var description: String { text }
}
