import COpenSSL
import Keys

/// Signatures in ways in which no key of ours signs.
enum OtherSchemes {
    /// Signs a digest.
    static func sign(
        _ hash: [UInt8],
        digest: DigestAlgorithm,
        key: SigningKey,
        isPSS: Bool
    ) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 512)
        var count = signature.count
        let isSigned = key.withHandle { handle in
            guard let context = EVP_PKEY_CTX_new(handle, nil) else { return false }
            defer { EVP_PKEY_CTX_free(context) }
            guard EVP_PKEY_sign_init(context) == 1 else { return false }
            if isPSS {
                guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1,
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
                else { return false }
            }
            return EVP_PKEY_CTX_set_signature_md(context, digest.handle) == 1
                && EVP_PKEY_sign(context, &signature, &count, hash, hash.count) == 1
        }
        guard isSigned else { throw KeysError.signatureInvalid }
        return Array(signature.prefix(count))
    }
}
