import COpenSSL

extension PublicKey {
    /// Returns when `signature` is this key's over `message`; throws `.signatureInvalid` otherwise, also when the
    /// scheme is for another kind of key. `encoding` matters to ECDSA only.
    public func verify(
        _ signature: [UInt8],
        over message: [UInt8],
        with scheme: SignatureScheme,
        encoding: ECDSAEncoding = .der
    ) throws(KeysError) {
        guard let digest = scheme.digest else {
            guard case .ed25519 = algorithm else { throw .signatureInvalid }
            return try verifyEd25519(signature, message)
        }
        try verify(signature, overHash: digest.digest(message), with: scheme, encoding: encoding)
    }

    /// As ``verify(_:over:with:encoding:)`` for a message of which only the digest is known: the scheme's, and as long as
    /// that is. Ed25519 signs messages, not digests: `.signatureInvalid`.
    public func verify(
        _ signature: [UInt8],
        overHash hash: [UInt8],
        with scheme: SignatureScheme,
        encoding: ECDSAEncoding = .der
    ) throws(KeysError) {
        guard hash.count == scheme.digest?.byteCount else { throw .signatureInvalid }
        let isUsual = scheme == algorithm.usualScheme
        switch (scheme, algorithm) {
        case (.ecdsa(let digest), .p256), (.ecdsa(let digest), .p384), (.ecdsa(let digest), .p521):
            let der = try encoding == .der ? strict(signature) : encode(fixed: signature)
            try verify(der, hash, digest, isUsual: isUsual) { _ in 1 }
        case (.rsaPKCS1(let digest), .rsa):
            try verify(signature, hash, digest, isUsual: isUsual) { context in
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING)
            }
        case (.rsaPSS(let digest), .rsa):
            try verify(signature, hash, digest, isUsual: false) { context in
                guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1,
                    EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest.handle) == 1
                else { return 0 }
                return EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST)
            }
        default: throw .signatureInvalid
        }
    }

    /// The key's usual scheme has contexts that are kept: a token issuer's key
    /// verifies for every request.
    private func verify(
        _ signature: [UInt8],
        _ hash: [UInt8],
        _ digest: DigestAlgorithm,
        isUsual: Bool,
        configure: (OpaquePointer) -> Int32
    ) throws(KeysError) {
        defer { withExtendedLifetime(handle) {} }
        func check(_ context: OpaquePointer) throws(KeysError) {
            // "return 1 if the verification succeeds and 0 or a negative value if it fails": EVP_PKEY_verify(3).
            guard EVP_PKEY_verify(context, signature, signature.count, hash, hash.count) == 1 else {
                ERR_clear_error()
                throw .signatureInvalid
            }
        }
        if isUsual {
            return try handle.verifiers.withContext(
                { () throws(KeysError) in try makeContext(digest, configure) },
                check
            )
        }
        let context = try makeContext(digest, configure)
        defer { EVP_PKEY_CTX_free(context) }
        try check(context)
    }

    private func makeContext(
        _ digest: DigestAlgorithm,
        _ configure: (OpaquePointer) -> Int32
    ) throws(KeysError) -> OpaquePointer {
        guard let context = EVP_PKEY_CTX_new(handle.pointer, nil) else { throw KeysError.failure("verify") }
        guard EVP_PKEY_verify_init(context) == 1, configure(context) == 1,
            EVP_PKEY_CTX_set_signature_md(context, digest.handle) == 1
        else {
            EVP_PKEY_CTX_free(context)
            throw KeysError.failure("verify")
        }
        return context
    }

    private func verifyEd25519(_ signature: [UInt8], _ message: [UInt8]) throws(KeysError) {
        defer { withExtendedLifetime(handle) {} }
        guard let context = EVP_MD_CTX_new() else { throw KeysError.failure("verify") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1 else {
            throw KeysError.failure("verify")
        }
        guard EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1 else {
            ERR_clear_error()
            throw .signatureInvalid
        }
    }

    /// r‖s as DER. Throws `.signatureInvalid` for any other length.
    private func encode(fixed signature: [UInt8]) throws(KeysError) -> [UInt8] {
        guard let half = NamedCurve.of(algorithm)?.coordinateBytes else { throw .signatureInvalid }
        guard signature.count == 2 * half else { throw .signatureInvalid }
        var content: [UInt8] = []
        content.reserveCapacity(2 * half + 8)
        for number in [signature[..<half], signature[half...]] {
            let digits = number.drop { $0 == 0 }
            let needsZero = digits.first.map { $0 & 0x80 != 0 } ?? true
            content.append(0x02)
            content.append(UInt8(truncatingIfNeeded: digits.count + (needsZero ? 1 : 0)))
            if needsZero { content.append(0) }
            content += digits
        }
        return content.count < 0x80
            ? [0x30, UInt8(truncatingIfNeeded: content.count)] + content
            : [0x30, 0x81, UInt8(truncatingIfNeeded: content.count)] + content
    }

    /// The same bytes, if they are the DER of two positive numbers: OpenSSL's own reader is laxer.
    private func strict(_ signature: [UInt8]) throws(KeysError) -> [UInt8] {
        let isCanonical: Bool = signature.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            guard let parsed = d2i_ECDSA_SIG(nil, &position, buffer.count) else { return false }
            defer { ECDSA_SIG_free(parsed) }
            guard BN_is_negative(ECDSA_SIG_get0_r(parsed)) == 0, BN_is_negative(ECDSA_SIG_get0_s(parsed)) == 0 else {
                return false
            }
            var encoded: UnsafeMutablePointer<UInt8>?
            let count = i2d_ECDSA_SIG(parsed, &encoded)
            guard count > 0, let encoded else { return false }
            defer { CRYPTO_free(encoded, nil, 0) }
            return buffer.elementsEqual(UnsafeBufferPointer(start: encoded, count: Int(count)))
        }
        guard isCanonical else {
            ERR_clear_error()
            throw .signatureInvalid
        }
        return signature
    }
}
