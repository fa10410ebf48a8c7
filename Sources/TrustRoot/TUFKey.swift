public import Keys
import Wire

/// A key as the repository's root lists it: ECDSA on P-256, which every client knows.
///
/// ```
/// { "keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256", "keyval": { "public": PEM } }        // TUF 1.0 §4.2
/// ```
public struct TUFKey: Sendable, Hashable {
    /// The key.
    public let publicKey: PublicKey
    /// Its name in the repository: the SHA-256 of its canonical JSON, hexadecimal.
    public let id: String

    /// Lists a key. Throws ``TrustRootError/keyUnsupported(_:)`` for another kind than P-256.
    public init(_ publicKey: PublicKey) throws(TrustRootError) {
        guard publicKey.algorithm == .p256 else { throw .keyUnsupported(publicKey.algorithm) }
        self.publicKey = publicKey
        id = SHA256Digest(hashing: CanonicalJSON.encode(Self.json(publicKey))).hex
    }

    var json: JSONText { Self.json(publicKey) }

    private static func json(_ key: PublicKey) -> JSONText {
        .object([
            ("keytype", .string("ecdsa")),
            ("keyval", .object([("public", .string(key.pem))])),
            ("scheme", .string("ecdsa-sha2-nistp256")),
        ])
    }
}
