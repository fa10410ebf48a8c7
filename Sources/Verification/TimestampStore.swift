import COpenSSL
import Certificates
import Keys

/// OpenSSL's store with one trusted certificate, for the paths of timestamps' signers at one moment.
final class TimestampStore {
    let pointer: OpaquePointer

    init(anchor: Certificate, seconds: Int64) throws(TimeProblem) {
        // The store keeps certificates of its own: what is given is copied by reference count.
        let anchors = try CertificateStack([anchor])
        guard let pointer = X509_STORE_new() else { throw .malformed }
        self.pointer = pointer
        let parameters = X509_STORE_get0_param(pointer)
        X509_VERIFY_PARAM_set_time(parameters, Int(seconds))
        // As for the CA: an anchor need not be self-signed, and 112 bits of security.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN) | UInt(X509_V_FLAG_CHECK_SS_SIGNATURE))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        guard X509_STORE_add_cert(pointer, anchors.first) == 1 else { throw .malformed }
    }

    deinit { X509_STORE_free(pointer) }
}

/// Certificates as OpenSSL's functions take them.
final class CertificateStack {
    let pointer: OpaquePointer
    private var certificates: [OpaquePointer] = []

    init(_ list: [Certificate]) throws(TimeProblem) {
        guard let pointer = OPENSSL_sk_new_null() else { throw .malformed }
        self.pointer = pointer
        for certificate in list {
            let der = certificate.der
            guard let one = OpenSSL.object(in: der, free: X509_free, { d2i_X509(nil, $0, $1) }) else {
                throw .malformed
            }
            certificates.append(one)
            guard OPENSSL_sk_push(pointer, UnsafeRawPointer(one)) > 0 else { throw .malformed }
        }
    }

    /// The first; nil when there is none.
    var first: OpaquePointer? { certificates.first }

    deinit {
        // The stack borrows its certificates.
        OPENSSL_sk_free(pointer)
        for certificate in certificates { X509_free(certificate) }
    }
}
