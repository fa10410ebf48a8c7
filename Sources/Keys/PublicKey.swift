import COpenSSL
import Wire

/// A public key that may be relied on: of a known kind, strong, and on its curve.
public struct PublicKey: Sendable {
    /// The kind.
    public let algorithm: KeyAlgorithm
    /// The canonical DER (RFC 5280 §4.1.2.7).
    public let subjectPublicKeyInfo: [UInt8]
    /// What the BIT STRING in it holds: an uncompressed point, an RSAPublicKey, or Ed25519's 32 bytes.
    public let keyBits: [UInt8]

    let handle: KeyHandle

    /// For those who have checked.
    init(algorithm: KeyAlgorithm, info: [UInt8], keyBits: [UInt8], handle: KeyHandle) {
        self.algorithm = algorithm
        subjectPublicKeyInfo = info
        self.keyBits = keyBits
        self.handle = handle
    }

    /// An RSA key whose strength has been checked.
    init(rsa handle: KeyHandle, info: [UInt8]) throws(KeysError) {
        guard let keyBits = OpenSSL.bytes({ i2d_PublicKey(handle.pointer, $0) }) else {
            throw KeysError.failure("encode a public key")
        }
        self.init(
            algorithm: .rsa(bits: Int(EVP_PKEY_get_bits(handle.pointer))),
            info: info,
            keyBits: keyBits,
            handle: handle
        )
    }

    /// Reads and checks the DER of a SubjectPublicKeyInfo. Throws `.unparsable` and `.weak`.
    public init(subjectPublicKeyInfo info: [UInt8]) throws(KeysError) {
        self = try UncheckedPublicKey(subjectPublicKeyInfo: info).checked()
    }

    /// Reads and checks a PEM key. Throws `.unparsable` and `.weak`.
    public init(pem: [UInt8]) throws(KeysError) {
        self = try UncheckedPublicKey(pem: pem).checked()
    }

    /// A key from a point's coordinates, big-endian (RFC 7518 §6.2.1). Shorter ones are padded with zeros in front,
    /// for some providers drop leading zeros against that rule. Throws `.unparsable` for a point that isn't on the curve.
    public init(curve algorithm: KeyAlgorithm, x: [UInt8], y: [UInt8]) throws(KeysError) {
        guard let curve = NamedCurve.of(algorithm),
            (1...curve.coordinateBytes).contains(x.count), (1...curve.coordinateBytes).contains(y.count)
        else { throw .unparsable }
        let padded = [x, y].map { [UInt8](repeating: 0, count: curve.coordinateBytes - $0.count) + $0 }
        let point = [4] + padded.joined()
        guard let handle = KeyHandle(curve: curve, point: point) else { throw .unparsable }
        self.init(algorithm: algorithm, info: curve.prefix + point, keyBits: point, handle: handle)
    }

    /// A key from 32 bytes (RFC 8037 §2). Throws `.unparsable`.
    public init(ed25519 bytes: [UInt8]) throws(KeysError) {
        guard bytes.count == 32, let handle = KeyHandle(ed25519: bytes) else { throw .unparsable }
        self.init(algorithm: .ed25519, info: try UncheckedPublicKey.encode(handle), keyBits: bytes, handle: handle)
    }

    /// A token issuer's key (RFC 7518 §6.3.1), numbers big-endian: 2048 … 8192 bits, any odd exponent from 3 to 2^32.
    /// Throws `.unparsable`, and `.weak` for other sizes and exponents.
    public init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(KeysError) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        guard let first = modulus.first, let last = exponent.last else { throw .unparsable }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard (2048...8192).contains(bits) else { throw .weak(.modulusSize(bits: bits)) }
        guard exponent.count <= 4, last & 1 == 1, exponent != [1] else { throw .weak(.exponent) }
        guard let key = EVP_PKEY_new(), let rsa = RSA_new() else { throw KeysError.failure("make a key") }
        let handle = KeyHandle(adopting: key)
        let n = BN_bin2bn(modulus, Int32(modulus.count), nil)
        let e = BN_bin2bn(exponent, Int32(exponent.count), nil)
        // "RSA_set0_key() … transfers the memory management of the values to the RSA object": RSA_set0_key(3).
        guard RSA_set0_key(rsa, n, e, nil) == 1 else {
            BN_free(n)
            BN_free(e)
            RSA_free(rsa)
            throw KeysError.failure("make a key")
        }
        guard EVP_PKEY_assign(key, EVP_PKEY_RSA, UnsafeMutableRawPointer(rsa)) == 1 else {
            RSA_free(rsa)
            throw KeysError.failure("make a key")
        }
        try self.init(rsa: handle, info: try UncheckedPublicKey.encode(handle))
    }

    /// SHA-1 of ``keyBits`` (RFC 5280 §4.2.1.2, method 1): a name, not a security function.
    public var keyIdentifier: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { buffer, filled in
            SHA1(keyBits, keyBits.count, buffer.baseAddress)
            filled = 20
        }
    }

    /// SHA-256 of the SubjectPublicKeyInfo: a log's id and an issuer's key hash (RFC 6962 §3.2).
    public var sha256: SHA256Digest { SHA256Digest(hashing: subjectPublicKeyInfo) }

    /// PEM, labelled `PUBLIC KEY`.
    public var pem: String { PEMBlock(label: "PUBLIC KEY", bytes: subjectPublicKeyInfo).text }

    /// Lends the `EVP_PKEY` to the other room that calls OpenSSL.
    package func withHandle<R, E: Error>(_ body: (OpaquePointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(handle) {} }
        return try body(handle.pointer)
    }
}

extension PublicKey: Hashable {
    /// Equal keys have equal encodings, for the encoding is canonical.
    public static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo
    }

    /// Hashes the encoding.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(subjectPublicKeyInfo)
    }
}
