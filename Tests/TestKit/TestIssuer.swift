public import Fetching
public import Keys
import Synchronization
import Wire

/// A token issuer in the test's own process: keys, tokens, and the two documents that discovery asks for.
public final class TestIssuer: Sendable {
    /// One of its keys.
    public struct Key: Sendable {
        /// Its `kid`.
        public let id: String
        /// Its `alg`.
        public let algorithm: String
        /// The key itself.
        public let signingKey: SigningKey

        /// Puts a key together.
        public init(id: String, algorithm: String, signingKey: SigningKey) {
            self.id = id
            self.algorithm = algorithm
            self.signingKey = signingKey
        }
    }

    private struct State {
        var keys: [Key]
        var isDown = false
        var requests = 0
    }

    /// Its name.
    public let url: String
    private let algorithms: [String]?
    private let state: Mutex<State>

    /// An issuer that announces these algorithms; nil announces nothing.
    public init(url: String, keys: [Key], algorithms: [String]? = ["ES256", "RS256", "EdDSA"]) {
        self.url = url
        self.algorithms = algorithms
        state = Mutex(State(keys: keys))
    }

    /// An issuer with one P-256 key named `ec`.
    public convenience init(url: String) throws {
        try self.init(url: url, keys: [Key(id: "ec", algorithm: "ES256", signingKey: SigningKey.generate(.p256))])
    }

    /// How often a document was asked for.
    public var requests: Int { state.withLock { $0.requests } }

    /// Replaces the keys.
    public func rotate(to keys: [Key]) { state.withLock { $0.keys = keys } }

    /// Takes it off the network, or puts it back.
    public func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Answers in the network's place.
    public func fetch(_ request: FetchRequest) throws(FetchError) -> FetchResponse {
        let state = state.withLock { state in
            state.requests += 1
            return state
        }
        if state.isDown { throw .connectionFailed }
        switch request.url {
        case url + "/.well-known/openid-configuration":
            var members: [(String, JSONText)] = [("issuer", .string(url)), ("jwks_uri", .string(url + "/keys"))]
            if let algorithms {
                members.append(("id_token_signing_alg_values_supported", .array(algorithms.map { .string($0) })))
            }
            return FetchResponse(status: 200, headers: [:], body: JSONText.object(members).encoded())
        case url + "/keys":
            let keys = JSONText.array(state.keys.compactMap(Self.jwk))
            return FetchResponse(status: 200, headers: [:], body: JSONText.object([("keys", keys)]).encoded())
        default: return FetchResponse(status: 404, headers: [:], body: [])
        }
    }

    /// A signed token. `header` and `claims` are JSON texts, so that a test can write what it likes.
    public func token(claims: String, header: String? = nil, key: Key? = nil) throws -> [UInt8] {
        guard let key = key ?? state.withLock({ $0.keys.first }) else { return [] }
        let header = header ?? #"{"alg":"\#(key.algorithm)","kid":"\#(key.id)"}"#
        let signed = Base64.encodeURL(Array(header.utf8)) + "." + Base64.encodeURL(Array(claims.utf8))
        var signature = try key.signingKey.sign(Array(signed.utf8))
        if case .ecdsa = key.signingKey.scheme { signature = Self.fixed(signature, key.signingKey.publicKey.algorithm) }
        return Array((signed + "." + Base64.encodeURL(signature)).utf8)
    }

    /// RFC 7518 §6.2, §6.3 and RFC 8037 §2, from the key's bits.
    private static func jwk(_ key: Key) -> JSONText? {
        let bits = key.signingKey.publicKey.keyBits
        var members: [(String, JSONText)] = [("kid", .string(key.id)), ("alg", .string(key.algorithm))]
        func number(_ bytes: some Collection<UInt8>) -> JSONText { .string(Base64.encodeURL(Array(bytes))) }
        switch key.signingKey.publicKey.algorithm {
        case .p256, .p384, .p521:
            let half = (bits.count - 1) / 2
            let curve = half == 32 ? "P-256" : half == 48 ? "P-384" : "P-521"
            members += [
                ("kty", .string("EC")), ("crv", .string(curve)), ("x", number(bits[1...half])),
                ("y", number(bits[(half + 1)...])),
            ]
        case .ed25519: members += [("kty", .string("OKP")), ("crv", .string("Ed25519")), ("x", number(bits))]
        case .rsa:
            // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }, 2048 bits and 65537.
            let modulus = bits.dropLast(5).suffix(256)
            members += [("kty", .string("RSA")), ("n", number(modulus)), ("e", number([1, 0, 1]))]
        }
        return .object(members)
    }

    /// r‖s of a DER signature.
    private static func fixed(_ der: [UInt8], _ algorithm: KeyAlgorithm) -> [UInt8] {
        let half = algorithm == .p256 ? 32 : algorithm == .p384 ? 48 : 66
        var position = der[1] & 0x80 == 0 ? 2 : 3
        var output: [UInt8] = []
        for _ in 0..<2 {
            let count = Int(der[position + 1])
            let number = der[(position + 2)..<(position + 2 + count)].drop { $0 == 0 }
            output += [UInt8](repeating: 0, count: half - number.count) + number
            position += 2 + count
        }
        return output
    }
}
