import COpenSSL
public import Keys
import Wire

extension CertificateSigningRequest {
    /// Makes a request with an empty subject, signed by the key itself, in PEM: what sigstore's clients send.
    /// Throws ``CertificatesError/openSSL(operation:reasons:)``.
    public static func pem(signedBy key: SigningKey) throws(CertificatesError) -> String {
        guard let request = X509_REQ_new() else { throw CertificatesError.failure("make a signing request") }
        defer { X509_REQ_free(request) }
        try require(X509_REQ_set_version(request, 0), "make a signing request")
        try key.withHandle { handle throws(CertificatesError) in
            try require(X509_REQ_set_pubkey(request, handle), "make a signing request")
            // "X509_REQ_sign() … return the size of the signature in bytes for success and zero for failure".
            guard X509_REQ_sign(request, handle, key.scheme.digest?.handle) > 0 else {
                throw CertificatesError.failure("sign a signing request")
            }
        }
        let der = try encoded("encode a signing request") { i2d_X509_REQ(request, $0) }
        return PEMBlock(label: "CERTIFICATE REQUEST", bytes: der).text
    }
}
