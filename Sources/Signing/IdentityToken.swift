import Wire

/// An identity provider's token for the signer. It prints as `<redacted>`.
///
/// It is only read to know what to prove a key with; whether it is good is the CA's question.
public struct IdentityToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What a key is proven with: the token's `email`, or else its `sub` (POP-3).
    public let challenge: String

    let bytes: [UInt8]

    /// Takes a compact JWT (RFC 7515 §7.1). Throws `.tokenUnreadable` unless it has an email or a sub.
    public init(_ bytes: [UInt8]) throws(SigningError) {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = try? Base64.decodeURL(Array(parts[1])),
            let claims = try? JSON.parse(payload), let name = claims["email"]?.string ?? claims["sub"]?.string,
            // It becomes the value of a header.
            bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .tokenUnreadable }
        challenge = name
        self.bytes = bytes
    }

    /// `<redacted>`
    public var description: String { "<redacted>" }
    /// `<redacted>`
    public var debugDescription: String { "<redacted>" }

    /// The value of the header `Authorization`.
    var authorization: String { "Bearer \(String(decoding: bytes, as: UTF8.self))" }
}
