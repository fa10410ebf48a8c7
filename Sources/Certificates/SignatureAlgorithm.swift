import COpenSSL
import Keys

/// The AlgorithmIdentifier with which a CA's key signs (RFC 5280 §4.1.1.2; RFC 5758, RFC 4055, RFC 8410).
struct SignatureAlgorithm: Sendable {
    /// OpenSSL's number of the algorithm.
    let nid: Int32
    /// `V_ASN1_NULL` for RSA, which wants the parameter NULL; else `V_ASN1_UNDEF`, no parameter.
    let parameterType: Int32
    /// The DER of the AlgorithmIdentifier.
    let der: [UInt8]

    /// The algorithm that belongs to a scheme. Throws ``CertificatesError/schemeUnsupported`` for RSA-PSS.
    init(_ scheme: SignatureScheme) throws(CertificatesError) {
        (nid, parameterType) =
            switch scheme {
            case .ecdsa(.sha256): (NID_ecdsa_with_SHA256, V_ASN1_UNDEF)
            case .ecdsa(.sha384): (NID_ecdsa_with_SHA384, V_ASN1_UNDEF)
            case .ecdsa(.sha512): (NID_ecdsa_with_SHA512, V_ASN1_UNDEF)
            case .rsaPKCS1(.sha256): (NID_sha256WithRSAEncryption, V_ASN1_NULL)
            case .rsaPKCS1(.sha384): (NID_sha384WithRSAEncryption, V_ASN1_NULL)
            case .rsaPKCS1(.sha512): (NID_sha512WithRSAEncryption, V_ASN1_NULL)
            case .ed25519: (NID_ED25519, V_ASN1_UNDEF)
            case .rsaPSS: throw .schemeUnsupported
            }
        guard let identifier = X509_ALGOR_new() else { throw CertificatesError.failure("name an algorithm") }
        defer { X509_ALGOR_free(identifier) }
        try require(X509_ALGOR_set0(identifier, OBJ_nid2obj(nid), parameterType, nil), "name an algorithm")
        der = try encoded("encode an algorithm") { i2d_X509_ALGOR(identifier, $0) }
    }

    /// A Certificate: what was signed, this algorithm, and the signature (RFC 5280 §4.1).
    func certificate(tbs: [UInt8], signature: [UInt8]) -> [UInt8] {
        // 0: no unused bits in the BIT STRING.
        DEREncoding.element(.sequence, tbs, der, DEREncoding.element(.bitString, [0], signature))
    }
}
