import COpenSSL

/// One run of OpenSSL's path validation (RFC 5280 §6.1), the last certificate being the trust anchor.
final class PathValidation {
    private let handles: [CertificateHandle]
    private let store: OpaquePointer
    private let context: OpaquePointer
    private let untrusted: OpaquePointer

    init(_ handles: [CertificateHandle]) throws(CertificatesError) {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let untrusted = OPENSSL_sk_new_null()
        else { throw CertificatesError.failure("make a certificate store") }
        self.handles = handles
        self.store = store
        self.context = context
        self.untrusted = untrusted
    }

    deinit {
        X509_STORE_CTX_free(context)
        X509_STORE_free(store)
        // The stack borrows its certificates from `handles`.
        OPENSSL_sk_free(untrusted)
    }

    /// Validates at a moment, in seconds since 1970. Throws ``CertificatesError/chain(_:)``.
    func run(at seconds: Int64) throws(CertificatesError) {
        guard let first = handles.first, let last = handles.last else { throw .chain(.empty) }
        try require(X509_STORE_add_cert(store, last.pointer), "trust a root")
        for handle in handles.dropFirst().dropLast() {
            guard OPENSSL_sk_push(untrusted, UnsafeRawPointer(handle.pointer)) > 0 else {
                throw CertificatesError.failure("list certificates")
            }
        }
        try require(X509_STORE_CTX_init(context, store, first.pointer, untrusted), "validate a path")
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, Int(seconds))
        // A last certificate that is not self-signed is an anchor too; one that is must be rightly signed.
        let flags = UInt(X509_V_FLAG_PARTIAL_CHAIN) | UInt(X509_V_FLAG_CHECK_SS_SIGNATURE)
        try require(X509_VERIFY_PARAM_set_flags(parameters, flags), "validate a path")
        // Level 2 is 112 bits: RSA below 2048 bits and SHA-1 are refused (SSL_CTX_set_security_level(3)).
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        // "Applications must interpret any return value <= 0 as an error": X509_verify_cert(3).
        if X509_verify_cert(context) == 1 { return }
        CertificatesError.discardFailure()
        throw .chain(problem())
    }

    /// The path that was found, from the first certificate to the anchor; empty before ``run(at:)`` has returned.
    func path() throws(CertificatesError) -> [Certificate] {
        // "X509_STORE_CTX_get0_chain() … does not increment the reference counts": X509_STORE_CTX_get0_chain(3).
        let chain = X509_STORE_CTX_get0_chain(context)
        var certificates: [Certificate] = []
        for place in 0..<max(0, OPENSSL_sk_num(chain)) {
            guard let pointer = OPENSSL_sk_value(chain, place) else { continue }
            let der = try encoded("encode a certificate") { i2d_X509(OpaquePointer(pointer), $0) }
            certificates.append(try Certificate(der: der))
        }
        return certificates
    }

    private func problem() -> ChainProblem {
        let code = X509_STORE_CTX_get_error(context)
        let index = Int(X509_STORE_CTX_get_error_depth(context))
        switch code {
        case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
            return .signatureInvalid(index: index)
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            return .weak(index: index)
        case X509_V_ERR_INVALID_CA:
            return .notAuthority(index: index)
        case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
            return .keyCertSignMissing(index: index)
        default:
            return .notVerified(
                index: index,
                code: code,
                reason: String(cString: X509_verify_cert_error_string(Int(code)))
            )
        }
    }
}
