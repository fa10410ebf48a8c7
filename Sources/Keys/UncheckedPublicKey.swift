import COpenSSL
import Wire

/// A public key that could be read and may be weak (POP-10).
public struct UncheckedPublicKey: Sendable {
    private enum Material: Sendable {
        case curve(NamedCurve, point: [UInt8])
        case ed25519([UInt8])
        case rsa(KeyHandle)
    }

    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    private let info: [UInt8]
    private let material: Material
    private let handle: KeyHandle

    /// Reads PEM, labelled `PUBLIC KEY` (RFC 5280 SubjectPublicKeyInfo) or `RSA PUBLIC KEY` (RFC 8017 A.1.1).
    /// Throws `.unparsable`.
    public init(pem: [UInt8]) throws(KeysError) {
        guard let block = try? PEMBlock.first(in: pem) else { throw .unparsable }
        switch block.label {
        case "PUBLIC KEY": try self.init(subjectPublicKeyInfo: block.bytes)
        case "RSA PUBLIC KEY": try self.init(subjectPublicKeyInfo: try Self.wrap(pkcs1: block.bytes))
        default: throw .unparsable
        }
    }

    /// Reads PEM as above, or else the DER of a SubjectPublicKeyInfo. Throws `.unparsable`.
    public init(pemOrDER content: [UInt8]) throws(KeysError) {
        if (try? PEMBlock.first(in: content)) != nil {
            try self.init(pem: content)
        } else {
            try self.init(subjectPublicKeyInfo: content)
        }
    }

    /// Reads the DER of a SubjectPublicKeyInfo as Go does: NIST curves by name with uncompressed points, Ed25519, RSA.
    /// Throws `.unparsable`.
    public init(subjectPublicKeyInfo info: [UInt8]) throws(KeysError) {
        for curve in NamedCurve.all {
            guard let point = curve.point(in: info) else { continue }
            guard let handle = KeyHandle(curve: curve, point: point) else { throw .unparsable }
            self.init(info, .curve(curve, point: point), handle)
            return
        }
        if info.starts(with: Self.ed25519Prefix), info.count == Self.ed25519Prefix.count + 32 {
            let bytes = Array(info.suffix(32))
            guard let handle = KeyHandle(ed25519: bytes) else { throw .unparsable }
            self.init(info, .ed25519(bytes), handle)
            return
        }
        guard let handle = KeyHandle(decoding: info), EVP_PKEY_get_base_id(handle.pointer) == EVP_PKEY_RSA else {
            throw .unparsable
        }
        self.init(try Self.encode(handle), .rsa(handle), handle)
    }

    private init(_ info: [UInt8], _ material: Material, _ handle: KeyHandle) {
        self.info = info
        self.material = material
        self.handle = handle
    }

    /// The key, if a certificate may be issued for it (POP-11, POP-12). Throws `.weak`.
    public func checked() throws(KeysError) -> PublicKey {
        switch material {
        case .curve(let curve, let point):
            guard let algorithm = curve.algorithm else { throw .weak(.curve) }
            return PublicKey(algorithm: algorithm, info: info, keyBits: point, handle: handle)
        case .ed25519(let bytes):
            return PublicKey(algorithm: .ed25519, info: info, keyBits: bytes, handle: handle)
        case .rsa(let handle):
            guard let modulus = handle.number(OSSL_PKEY_PARAM_RSA_N),
                let exponent = handle.number(OSSL_PKEY_PARAM_RSA_E)
            else { throw .unparsable }
            if let weakness = RSAWeakness.find(modulus: modulus, exponent: exponent) { throw .weak(weakness) }
            return try PublicKey(rsa: handle, info: info)
        }
    }

    /// A PKCS #1 key in the SubjectPublicKeyInfo around it.
    private static func wrap(pkcs1: [UInt8]) throws(KeysError) -> [UInt8] {
        let key = OpenSSL.object(in: pkcs1, free: EVP_PKEY_free) { d2i_PublicKey(EVP_PKEY_RSA, nil, $0, $1) }
        guard let key else { throw .unparsable }
        return try encode(KeyHandle(adopting: key))
    }

    /// The canonical SubjectPublicKeyInfo.
    static func encode(_ handle: KeyHandle) throws(KeysError) -> [UInt8] {
        guard let bytes = OpenSSL.bytes({ i2d_PUBKEY(handle.pointer, $0) }) else {
            throw KeysError.failure("encode a public key")
        }
        return bytes
    }
}
