import COpenSSL

/// What no server can go below: the five public-key operations of one issuance, each on OpenSSL's fastest path, with
/// every context and key made beforehand.
///
/// `token` verification with a cached issuer key, `proof` verification with a key fresh from its point, two signatures
/// of the CA and one of the log.
enum Floor {
    /// Prints microseconds of CPU for each issuance: the median of `windows` windows of `count`.
    static func run() {
        let windows = option("windows", default: 15)
        let count = option("count", default: 100)
        let token = option("token", default: "es256") == "rs256" ? rsaVerification() : ecVerification()
        let proof = freshKeyVerification()
        let ca = signature(curve: option("ca", default: "p256") == "p384" ? NID_secp384r1 : NID_X9_62_prime256v1)
        let log = signature(curve: NID_X9_62_prime256v1)
        let message = [UInt8](repeating: 7, count: 1200)
        var results: [Double] = []
        for _ in 0..<windows {
            let start = threadSeconds()
            for _ in 0..<count {
                token()
                proof()
                ca(message)
                ca(message)
                log(message)
            }
            results.append((threadSeconds() - start) / Double(count) * 1e6)
        }
        print(results.sorted()[windows / 2])
    }

    private static func ecVerification() -> () -> Void {
        let key = Key.ec(NID_X9_62_prime256v1)
        return verification(key)
    }

    private static func rsaVerification() -> () -> Void {
        verification(Key.rsa(2048))
    }

    /// SHA-256 and EVP_PKEY_verify on one context that is kept.
    private static func verification(_ key: Key) -> () -> Void {
        let message = [UInt8](repeating: 5, count: 1000)
        let signature = key.sign(message)
        let context = EVP_PKEY_CTX_new(key.handle, nil)
        EVP_PKEY_verify_init(context)
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256())
        var digest = [UInt8](repeating: 0, count: 32)
        return {
            _ = key
            SHA256(message, message.count, &digest)
            guard EVP_PKEY_verify(context, signature, signature.count, digest, 32) == 1 else { fail("not verified") }
        }
    }

    /// The point of a P-256 key into an EC_KEY that is kept, then ECDSA_verify.
    private static func freshKeyVerification() -> () -> Void {
        let message = Array("alice@example.com".utf8)
        let pairs = (0..<64).map { _ in
            let key = Key.ec(NID_X9_62_prime256v1)
            return (point: key.point, signature: key.sign(message))
        }
        let scratch = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1)
        var digest = [UInt8](repeating: 0, count: 32)
        var next = 0
        return {
            let pair = pairs[next % pairs.count]
            next += 1
            EC_KEY_oct2key(scratch, pair.point, pair.point.count, nil)
            SHA256(message, message.count, &digest)
            guard ECDSA_verify(0, digest, 32, pair.signature, Int32(pair.signature.count), scratch) == 1 else {
                fail("not verified")
            }
        }
    }

    /// A digest and EVP_PKEY_sign on one context that is kept; P-384 signs with SHA-384.
    private static func signature(curve: Int32) -> ([UInt8]) -> Void {
        let key = Key.ec(curve)
        let isLarge = curve == NID_secp384r1
        let context = EVP_PKEY_CTX_new(key.handle, nil)
        EVP_PKEY_sign_init(context)
        EVP_PKEY_CTX_set_signature_md(context, isLarge ? EVP_sha384() : EVP_sha256())
        var digest = [UInt8](repeating: 0, count: 48)
        var signature = [UInt8](repeating: 0, count: 128)
        return { message in
            _ = key
            if isLarge {
                SHA384(message, message.count, &digest)
            } else {
                SHA256(message, message.count, &digest)
            }
            var count = signature.count
            guard EVP_PKEY_sign(context, &signature, &count, digest, isLarge ? 48 : 32) == 1 else { fail("not signed") }
        }
    }
}
