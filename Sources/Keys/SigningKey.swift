import COpenSSL

/// A private key. It stays inside OpenSSL; nothing of it is ever printed.
public final class SigningKey: Sendable {
    /// Its public half, checked like anybody's.
    public let publicKey: PublicKey
    /// How it signs: ``KeyAlgorithm/usualScheme``.
    public let scheme: SignatureScheme

    let handle: KeyHandle
    private let contexts = ContextPool()

    init(handle: KeyHandle) throws(KeysError) {
        self.handle = handle
        publicKey = try PublicKey(subjectPublicKeyInfo: try UncheckedPublicKey.encode(handle))
        scheme = publicKey.algorithm.usualScheme
    }

    /// Makes a new key. RSA takes 2048, 3072 or 4096 bits. Throws `.openSSL` and, for other sizes, `.weak`.
    public static func generate(_ algorithm: KeyAlgorithm) throws(KeysError) -> SigningKey {
        let type: Int32 =
            switch algorithm {
            case .p256, .p384, .p521: EVP_PKEY_EC
            case .ed25519: EVP_PKEY_ED25519
            case .rsa: EVP_PKEY_RSA
            }
        guard let context = EVP_PKEY_CTX_new_id(type, nil) else { throw KeysError.failure("make a key") }
        defer { EVP_PKEY_CTX_free(context) }
        try KeysError.require(EVP_PKEY_keygen_init(context), "make a key")
        switch algorithm {
        case .p256: try setCurve(NID_X9_62_prime256v1, context)
        case .p384: try setCurve(NID_secp384r1, context)
        case .p521: try setCurve(NID_secp521r1, context)
        case .rsa(let bits):
            guard [2048, 3072, 4096].contains(bits) else { throw .weak(.modulusSize(bits: bits)) }
            try KeysError.require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)), "make a key")
        case .ed25519: break
        }
        var key: OpaquePointer?
        try KeysError.require(EVP_PKEY_keygen(context, &key), "make a key")
        guard let key else { throw KeysError.failure("make a key") }
        return try SigningKey(handle: KeyHandle(adopting: key))
    }

    private static func setCurve(_ nid: Int32, _ context: OpaquePointer) throws(KeysError) {
        try KeysError.require(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, nid), "make a key")
    }

    /// Signs with ``scheme``: DER for ECDSA, the plain signature for the others. Any thread, several at once.
    /// Throws `.openSSL`.
    public func sign(_ message: [UInt8]) throws(KeysError) -> [UInt8] {
        if let digest = scheme.digest { try sign(hash: digest.digest(message)) } else { try signEd25519(message) }
    }

    /// As ``sign(_:)`` for a message of which only the scheme's digest is known. Throws `.openSSL`, also for a digest of
    /// another length, and for Ed25519, which signs the message itself.
    public func sign(hash: [UInt8]) throws(KeysError) -> [UInt8] {
        guard let digest = scheme.digest, hash.count == digest.byteCount else {
            throw .openSSL(operation: "sign", reasons: ["not a digest that this key signs"])
        }
        defer { withExtendedLifetime(handle) {} }
        var count = Int(EVP_PKEY_get_size(handle.pointer))
        var signature = [UInt8](repeating: 0, count: count)
        try contexts.withContext { () throws(KeysError) in
            try makeContext(digest)
        } _: { context throws(KeysError) in
            try KeysError.require(EVP_PKEY_sign(context, &signature, &count, hash, hash.count), "sign")
        }
        return Array(signature.prefix(count))
    }

    private func makeContext(_ digest: DigestAlgorithm) throws(KeysError) -> OpaquePointer {
        guard let context = EVP_PKEY_CTX_new(handle.pointer, nil) else { throw KeysError.failure("sign") }
        guard EVP_PKEY_sign_init(context) == 1, EVP_PKEY_CTX_set_signature_md(context, digest.handle) == 1 else {
            EVP_PKEY_CTX_free(context)
            throw KeysError.failure("sign")
        }
        return context
    }

    private func signEd25519(_ message: [UInt8]) throws(KeysError) -> [UInt8] {
        defer { withExtendedLifetime(handle) {} }
        guard let context = EVP_MD_CTX_new() else { throw KeysError.failure("sign") }
        defer { EVP_MD_CTX_free(context) }
        try KeysError.require(EVP_DigestSignInit(context, nil, nil, nil, handle.pointer), "sign")
        var count = 64
        var signature = [UInt8](repeating: 0, count: count)
        try KeysError.require(EVP_DigestSign(context, &signature, &count, message, message.count), "sign")
        return Array(signature.prefix(count))
    }

    /// Lends the `EVP_PKEY` to the other room that calls OpenSSL.
    package func withHandle<R, E: Error>(_ body: (OpaquePointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(handle) {} }
        return try body(handle.pointer)
    }
}

extension SigningKey: CustomStringConvertible {
    /// `<redacted>`
    public var description: String { "<redacted>" }
}
