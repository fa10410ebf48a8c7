/// An identity token as it was received. It prints as `<redacted>`: who holds the text is the person it names.
public struct IDToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The most bytes a token may have; a megabyte of claims has been seen.
    public static let bytesMax = 1 << 21

    /// The text's bytes.
    let bytes: [UInt8]

    /// Takes what a client sent, of any length and content.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `<redacted>`
    public var description: String { "<redacted>" }
    /// `<redacted>`
    public var debugDescription: String { "<redacted>" }
}
