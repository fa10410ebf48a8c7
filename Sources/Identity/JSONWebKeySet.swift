import Keys
import Wire

/// An issuer's keys (RFC 7517), those that can be used here.
struct JSONWebKeySet: Sendable {
    /// A key and what the issuer says about it.
    struct Key: Sendable {
        let id: String?
        let algorithm: TokenAlgorithm?
        let publicKey: PublicKey
    }

    /// The most keys that are kept of one set.
    static let keysMax = 100

    let keys: [Key]

    /// Reads a set. A key that can't be used — of another kind, for encryption, weak or broken — is left out, so that
    /// one new kind of key doesn't lock everybody out (RFC 7517 §5). Throws `.issuerUnreachable` unless it is a set.
    init(json bytes: [UInt8]) throws(IdentityError) {
        guard let set = try? JSON.parse(bytes, limits: JSONLimits(bytesMax: Discovery.bytesMax)),
            let items = set["keys"]?.elements
        else { throw .issuerUnreachable }
        keys = items.prefix(Self.keysMax).compactMap(Self.key)
    }

    /// The keys that may have signed a token with this header.
    func candidates(keyID: String?, algorithm: TokenAlgorithm) -> [Key] {
        keys.filter { key in
            (keyID == nil || key.id == keyID) && algorithm.suits(key.publicKey.algorithm)
                && (key.algorithm == nil || key.algorithm == algorithm)
        }
    }

    private static func key(_ item: JSON) -> Key? {
        guard item.kind == .object, item["use"].map({ $0.string == "sig" }) ?? true else { return nil }
        var algorithm: TokenAlgorithm?
        if let name = item["alg"]?.string {
            guard let known = TokenAlgorithm(rawValue: name) else { return nil }
            algorithm = known
        }
        guard let publicKey = publicKey(item) else { return nil }
        return Key(id: item["kid"]?.string, algorithm: algorithm, publicKey: publicKey)
    }

    /// RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2.
    private static func publicKey(_ item: JSON) -> PublicKey? {
        switch (item["kty"]?.string, item["crv"]?.string) {
        case ("RSA", _):
            guard let n = bytes(item["n"]), let e = bytes(item["e"]) else { return nil }
            return try? PublicKey(rsaModulus: n, exponent: e)
        case ("EC", let curve):
            guard let x = bytes(item["x"]), let y = bytes(item["y"]) else { return nil }
            switch curve {
            case "P-256": return try? PublicKey(curve: .p256, x: x, y: y)
            case "P-384": return try? PublicKey(curve: .p384, x: x, y: y)
            case "P-521": return try? PublicKey(curve: .p521, x: x, y: y)
            default: return nil
            }
        case ("OKP", "Ed25519"):
            guard let x = bytes(item["x"]) else { return nil }
            return try? PublicKey(ed25519: x)
        default: return nil
        }
    }

    private static func bytes(_ value: JSON?) -> [UInt8]? {
        value?.utf8Bytes.flatMap { try? Base64.decodeURL($0) }
    }
}
