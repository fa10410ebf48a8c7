import COpenSSL

/// A private key of the benchmark. Failures of OpenSSL end the program: nothing here is input.
final class Key {
    let handle: OpaquePointer

    private init(_ handle: OpaquePointer?) {
        guard let handle else { fail("OpenSSL couldn't make a key") }
        self.handle = handle
    }

    deinit { EVP_PKEY_free(handle) }

    static func ec(_ curve: Int32) -> Key {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve)
        EVP_PKEY_keygen(context, &key)
        return Key(key)
    }

    static func rsa(_ bits: Int32) -> Key {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits)
        EVP_PKEY_keygen(context, &key)
        return Key(key)
    }

    /// DER for ECDSA, PKCS #1 v1.5 for RSA.
    func sign(_ message: [UInt8], _ digest: OpaquePointer? = EVP_sha256()) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var count = Int(EVP_PKEY_get_size(handle))
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSignInit(context, nil, digest, nil, handle) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { fail("OpenSSL couldn't sign") }
        return Array(signature.prefix(count))
    }

    /// r‖s, as JWS wants it (RFC 7518 §3.4).
    func signFixed(_ message: [UInt8]) -> [UInt8] {
        let der = sign(message)
        var pointer: UnsafePointer<UInt8>? = nil
        return der.withUnsafeBufferPointer { buffer in
            pointer = buffer.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &pointer, buffer.count) else { fail("not a signature") }
            defer { ECDSA_SIG_free(signature) }
            var fixed = [UInt8](repeating: 0, count: 64)
            fixed.withUnsafeMutableBufferPointer { output in
                guard let start = output.baseAddress else { return }
                BN_bn2binpad(ECDSA_SIG_get0_r(signature), start, 32)
                BN_bn2binpad(ECDSA_SIG_get0_s(signature), start + 32, 32)
            }
            return fixed
        }
    }

    var publicPEM: String {
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        PEM_write_bio_PUBKEY(bio, handle)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = BIO_read(bio, &buffer, Int32(buffer.count))
        return String(decoding: buffer.prefix(Int(count)), as: UTF8.self)
    }

    /// The uncompressed point of an EC key.
    var point: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(handle, &bytes)
        defer { CRYPTO_free(bytes, #file, 0) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// A big number of an RSA key, `n` or `e`.
    func number(_ name: String) -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(handle, name, &number) == 1 else { fail("no \(name)") }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }
}
