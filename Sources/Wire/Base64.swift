/// Base64 in the variants that the protocols use (RFC 4648 §4 and §5).
public enum Base64 {
    /// The standard alphabet, padded.
    public static func encode(_ bytes: [UInt8]) -> String {
        Base64Encoder.encode(bytes, alphabet: Base64Encoder.standard, padded: true)
    }

    /// The URL and file name safe alphabet without padding, as RFC 7515 §2 wants it.
    public static func encodeURL(_ bytes: [UInt8]) -> String {
        Base64Encoder.encode(bytes, alphabet: Base64Encoder.url, padded: false)
    }

    /// Reads the standard alphabet, padded; white space and a non-canonical end are refused (RFC 4648 §3.3, §3.5).
    public static func decode(_ text: some Collection<UInt8>) throws(WireError) -> [UInt8] {
        try Base64Decoder.decode(text, rules: .standard)
    }

    /// As ``decode(_:)`` of the text's UTF-8 bytes.
    public static func decode(_ text: some StringProtocol) throws(WireError) -> [UInt8] {
        try Base64Decoder.decode(text.utf8, rules: .standard)
    }

    /// Reads what protojson reads as `bytes`: standard or URL alphabet but not both in one text, padded or not, any
    /// unused bits, no white space.
    public static func decodeLenient(_ text: some Collection<UInt8>) throws(WireError) -> [UInt8] {
        try Base64Decoder.decodeLenient(text)
    }

    /// As ``decodeLenient(_:)`` of the text's UTF-8 bytes.
    public static func decodeLenient(_ text: some StringProtocol) throws(WireError) -> [UInt8] {
        try decodeLenient(text.utf8)
    }

    /// Reads base64url without padding, canonical only: one token has one spelling (RFC 7515 §2).
    public static func decodeURL(_ text: some Collection<UInt8>) throws(WireError) -> [UInt8] {
        try Base64Decoder.decode(text, rules: .url)
    }

    /// As ``decodeURL(_:)`` of the text's UTF-8 bytes.
    public static func decodeURL(_ text: some StringProtocol) throws(WireError) -> [UInt8] {
        try Base64Decoder.decode(text.utf8, rules: .url)
    }
}
