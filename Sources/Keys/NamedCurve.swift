import COpenSSL

/// A NIST curve, and what is constant about its keys.
struct NamedCurve: Sendable {
    /// Its keys' kind; nil for P-224, which can be read so that it can be called weak.
    let algorithm: KeyAlgorithm?
    /// Bytes of a coordinate.
    let coordinateBytes: Int
    /// The DER of a SubjectPublicKeyInfo up to the point: the same for every key of the curve (RFC 5480).
    let prefix: [UInt8]
    /// A key with the curve's parameters and no point, to copy from: four times faster than looking the curve up.
    let template: KeyHandle?

    static let p256 = NamedCurve(
        .p256,
        32,
        NID_X9_62_prime256v1,
        "3059301306072a8648ce3d020106082a8648ce3d030107034200"
    )
    static let p384 = NamedCurve(.p384, 48, NID_secp384r1, "3076301006072a8648ce3d020106052b81040022036200")
    static let p521 = NamedCurve(.p521, 66, NID_secp521r1, "30819b301006072a8648ce3d020106052b8104002303818600")
    static let p224 = NamedCurve(nil, 28, NID_secp224r1, "304e301006072a8648ce3d020106052b81040021033a00")

    static let all = [p256, p384, p521, p224]

    /// The curve of keys of this kind; nil for Ed25519 and RSA.
    static func of(_ algorithm: KeyAlgorithm) -> NamedCurve? { all.first { $0.algorithm == algorithm } }

    private init(_ algorithm: KeyAlgorithm?, _ coordinateBytes: Int, _ nid: Int32, _ prefix: String) {
        self.algorithm = algorithm
        self.coordinateBytes = coordinateBytes
        let digits = prefix.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        self.prefix = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        template = Self.parameters(nid)
    }

    /// The uncompressed point's length.
    var pointBytes: Int { 1 + 2 * coordinateBytes }

    /// The point of a SubjectPublicKeyInfo of this curve; nil for anything else, compressed points included.
    func point(in info: [UInt8]) -> [UInt8]? {
        guard info.count == prefix.count + pointBytes, info.starts(with: prefix), info[prefix.count] == 4 else {
            return nil
        }
        return Array(info[prefix.count...])
    }

    private static func parameters(_ nid: Int32) -> KeyHandle? {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_paramgen_init(context) == 1,
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, nid) == 1,
            EVP_PKEY_paramgen(context, &key) == 1, let key
        else {
            ERR_clear_error()
            return nil
        }
        return KeyHandle(adopting: key)
    }
}
