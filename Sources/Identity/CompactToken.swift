import Keys
import Wire

/// A token taken apart (RFC 7515 §3.1); nothing is verified yet.
struct CompactToken: Sendable {
    /// How it says it is signed.
    let algorithm: TokenAlgorithm
    /// The key it says it is signed with.
    let keyID: String?
    /// The claims.
    let claims: JSON
    /// The issuer it says it is by.
    let issuer: IssuerURL
    /// The bytes that are signed, as received.
    let signedBytes: [UInt8]
    /// The signature.
    let signature: [UInt8]

    /// Depth and number of claims that are looked at; larger than any real token's, smaller than what would cost us.
    private static let claimLimits = JSONLimits(bytesMax: IDToken.bytesMax, depthMax: 32)
    private static let headerLimits = JSONLimits(bytesMax: 1 << 14, depthMax: 8)

    /// Takes a token apart. Throws `.malformed`, and `.algorithmRefused` for an algorithm that no issuer may use.
    ///
    /// The dots are counted before anything is built from the text (GHSA-f83f-xpx7-ffpw). `crit` is refused, for no
    /// extension is understood here (RFC 7515 §4.1.11); `jku`, `jwk`, `x5u` and `x5c` are never looked at.
    init(_ token: IDToken) throws(IdentityError) {
        let bytes = token.bytes
        guard bytes.count <= IDToken.bytesMax, let dots = Self.dots(in: bytes) else { throw .malformed }
        let header = try Self.json(bytes[..<dots.first], limits: Self.headerLimits)
        claims = try Self.json(bytes[(dots.first + 1)..<dots.second], limits: Self.claimLimits)
        guard let signature = try? Base64.decodeURL(Array(bytes[(dots.second + 1)...])) else { throw .malformed }
        self.signature = signature
        signedBytes = Array(bytes[..<dots.second])

        guard header["crit"] == nil, header["b64"] == nil else { throw .malformed }
        for name in ["typ", "cty", "nonce"] {
            if let value = header[name], value.kind != .string { throw .malformed }
        }
        if let value = header["kid"] {
            guard let text = value.string else { throw .malformed }
            keyID = text.isEmpty ? nil : text
        } else {
            keyID = nil
        }
        guard let name = header["alg"]?.string else { throw .malformed }
        guard let algorithm = TokenAlgorithm(rawValue: name) else { throw .algorithmRefused }
        self.algorithm = algorithm
        // Longer than any URL, shorter than what matching patterns against it would cost.
        guard let issuer = claims["iss"]?.string, issuer.utf8.count <= 2048 else { throw .malformed }
        self.issuer = IssuerURL(issuer)
    }

    /// The places of the only two dots.
    private static func dots(in bytes: [UInt8]) -> (first: Int, second: Int)? {
        let dot = UInt8(ascii: ".")
        guard let first = bytes.firstIndex(of: dot),
            let second = bytes[(first + 1)...].firstIndex(of: dot),
            bytes[(second + 1)...].firstIndex(of: dot) == nil
        else { return nil }
        return (first, second)
    }

    private static func json(_ part: ArraySlice<UInt8>, limits: JSONLimits) throws(IdentityError) -> JSON {
        guard let text = try? Base64.decodeURL(Array(part)), let json = try? JSON.parse(text, limits: limits),
            json.kind == .object
        else { throw .malformed }
        return json
    }
}
