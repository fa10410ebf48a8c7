import COpenSSL

/// Owns an OpenSSL `EVP_PKEY`. Its functions that read are safe on several threads; nothing here changes one.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Contexts that verify in the key's usual way.
    let verifiers = ContextPool()

    /// Takes ownership.
    init(adopting pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The key in a SubjectPublicKeyInfo, read by OpenSSL's decoder: slow (over 100 µs), for kinds without a fast path.
    convenience init?(decoding info: [UInt8]) {
        guard let key = OpenSSL.object(in: info, free: EVP_PKEY_free, { d2i_PUBKEY(nil, $0, $1) }) else { return nil }
        self.init(adopting: key)
    }

    /// A key on a curve from its uncompressed point; nil when the point isn't on it. About 6 µs.
    convenience init?(curve: NamedCurve, point: [UInt8]) {
        guard let template = curve.template, let key = EVP_PKEY_new() else { return nil }
        // "EVP_PKEY_copy_parameters() copies the parameters from key from to key to": EVP_PKEY_copy_parameters(3).
        guard EVP_PKEY_copy_parameters(key, template.pointer) == 1,
            EVP_PKEY_set1_encoded_public_key(key, point, point.count) == 1
        else {
            EVP_PKEY_free(key)
            ERR_clear_error()
            return nil
        }
        self.init(adopting: key)
    }

    /// An Ed25519 key from its 32 bytes. About 5 µs.
    convenience init?(ed25519 bytes: [UInt8]) {
        guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            ERR_clear_error()
            return nil
        }
        self.init(adopting: key)
    }

    /// A positive number of the key, such as an RSA modulus, big-endian without leading zeros; nil when it has none.
    func number(_ name: String) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else {
            ERR_clear_error()
            return nil
        }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }
}
