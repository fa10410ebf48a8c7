import COpenSSL
import Certificates
import Keys

/// An answer with a token in it, most of which is the same every time: it is made once, and each timestamp fills in what
/// differs. Making all of it anew would cost half a signature.
///
/// ```
/// TimeStampToken ::= ContentInfo        -- SignedData (RFC 5652 §5.1) over a TSTInfo, with these signed attributes:
///    contentType, messageDigest, signingTime (RFC 5652 §11), signingCertificateV2 (RFC 5035 §3)
/// ```
///
/// OpenSSL's `TS_RESP_create_response` isn't used: it takes `signingTime` from the machine's clock, and three times as long.
///
/// Sendable although it owns C objects: a ``TokenPool`` lends it to one thread at a time.
final class TimestampToken: @unchecked Sendable {
    /// A `TS_RESP`, which owns all the others.
    private let response: OpaquePointer
    private let content: UnsafeMutablePointer<ASN1_OCTET_STRING>
    private let signer: UnsafeMutablePointer<PKCS7_SIGNER_INFO>
    private let key: SigningKey
    private let digest: DigestAlgorithm

    /// Prepares answers by this key, with or without its certificate.
    init(key: SigningKey, certificate: Certificate, isIncluded: Bool) throws(TimestampingError) {
        guard let digest = key.scheme.digest else { throw .keyUnsupported(key.publicKey.algorithm) }
        let holder = try CertificateHolder(certificate)
        defer { withExtendedLifetime(holder) {} }
        guard let response = TS_RESP_new() else { throw .failure("make a timestamp") }
        var isDone = false
        defer { if !isDone { TS_RESP_free(response) } }
        try Self.grant(response)
        guard let token = PKCS7_new() else { throw .failure("make a timestamp") }
        // From here on the response owns the token.
        TS_RESP_set_tst_info(response, token, nil)
        try require(PKCS7_set_type(token, NID_pkcs7_signed), "make a timestamp")
        // 3, since the content is not id-data: RFC 5652 §5.1.
        try require(ASN1_INTEGER_set(token.pointee.d.sign.pointee.version, 3), "make a timestamp")
        if isIncluded { try require(PKCS7_add_certificate(token, holder.pointer), "add a certificate") }
        let signer = key.withHandle { PKCS7_add_signature(token, holder.pointer, $0, digest.handle) }
        guard let signer else { throw .failure("make a timestamp") }
        try Self.addConstantAttributes(to: signer, holder)
        content = try Self.addContent(to: token)
        self.signer = signer
        self.response = response
        self.key = key
        self.digest = digest
        isDone = true
    }

    deinit { TS_RESP_free(response) }

    /// Signs what the TSTInfo says and returns the DER of the answer (RFC 3161 §2.4.2).
    func answer(_ info: [UInt8], at seconds: Int64) throws(TimestampingError) -> [UInt8] {
        try require(ASN1_STRING_set(content, info, Int32(truncatingIfNeeded: info.count)), "fill a timestamp")
        let hash = digest.digest(info)
        // Both calls put the attribute in the place of the one that was there.
        try require(PKCS7_add1_attrib_digest(signer, hash, Int32(hash.count)), "fill a timestamp")
        guard let time = ASN1_TIME_set(nil, Int(seconds)) else { throw .failure("make a time") }
        guard PKCS7_add_signed_attribute(signer, NID_pkcs9_signingTime, time.pointee.type, time) == 1 else {
            ASN1_TIME_free(time)
            throw .failure("fill a timestamp")
        }
        // "The DER encoding of the SignedAttrs value", as SET OF and not as [0]: RFC 5652 §5.4.
        let attributes = OpenSSL.bytes {
            ASN1_item_i2d(signer.pointee.auth_attr, $0, PKCS7_ATTR_SIGN_it())
        }
        guard let attributes else { throw .failure("encode a timestamp") }
        let signature: [UInt8]
        do { signature = try key.sign(attributes) } catch { throw .key(error) }
        try require(
            ASN1_STRING_set(signer.pointee.enc_digest, signature, Int32(truncatingIfNeeded: signature.count)),
            "fill a timestamp"
        )
        guard let der = OpenSSL.bytes({ i2d_TS_RESP(response, $0) }) else { throw .failure("encode a timestamp") }
        return der
    }

    private static func grant(_ response: OpaquePointer) throws(TimestampingError) {
        guard let status = TS_STATUS_INFO_new() else { throw .failure("make a timestamp") }
        defer { TS_STATUS_INFO_free(status) }
        try require(TS_STATUS_INFO_set_status(status, TS_STATUS_GRANTED), "make a timestamp")
        // Copies.
        try require(TS_RESP_set_status_info(response, status), "make a timestamp")
    }

    private static func addConstantAttributes(
        to signer: UnsafeMutablePointer<PKCS7_SIGNER_INFO>,
        _ certificate: CertificateHolder
    ) throws(TimestampingError) {
        // The object is OpenSSL's static one, which nobody frees.
        try require(
            PKCS7_add_signed_attribute(
                signer,
                NID_pkcs9_contentType,
                V_ASN1_OBJECT,
                UnsafeMutableRawPointer(OBJ_nid2obj(NID_id_smime_ct_TSTInfo))
            ),
            "fill a timestamp"
        )
        // SHA-256, the default, so the digest isn't named; no issuerSerial, which the SignerInfo has: RFC 5035 §4.
        guard let list = OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), certificate.pointer, nil, 0) else {
            throw .failure("name a certificate")
        }
        defer { ESS_SIGNING_CERT_V2_free(list) }
        guard let der = OpenSSL.bytes({ i2d_ESS_SIGNING_CERT_V2(list, $0) }), let value = ASN1_STRING_new() else {
            throw .failure("name a certificate")
        }
        guard ASN1_STRING_set(value, der, Int32(truncatingIfNeeded: der.count)) == 1,
            PKCS7_add_signed_attribute(signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, value) == 1
        else {
            ASN1_STRING_free(value)
            throw .failure("name a certificate")
        }
    }

    /// The place for the TSTInfo: an OCTET STRING in a content of its type.
    private static func addContent(
        to token: UnsafeMutablePointer<PKCS7>
    ) throws(TimestampingError) -> UnsafeMutablePointer<ASN1_OCTET_STRING> {
        guard let inner = PKCS7_new() else { throw .failure("make a timestamp") }
        guard let any = ASN1_TYPE_new(), let string = ASN1_OCTET_STRING_new() else {
            PKCS7_free(inner)
            throw .failure("make a timestamp")
        }
        inner.pointee.type = OBJ_nid2obj(NID_id_smime_ct_TSTInfo)
        ASN1_TYPE_set(any, V_ASN1_OCTET_STRING, string)
        inner.pointee.d.other = any
        guard PKCS7_set_content(token, inner) == 1 else {
            PKCS7_free(inner)
            throw .failure("make a timestamp")
        }
        return string
    }
}

/// Owns an OpenSSL `X509`.
private final class CertificateHolder {
    let pointer: OpaquePointer

    init(_ certificate: Certificate) throws(TimestampingError) {
        guard let pointer = OpenSSL.object(in: certificate.der, free: X509_free, { d2i_X509(nil, $0, $1) }) else {
            throw .failure("read a certificate")
        }
        self.pointer = pointer
    }

    deinit { X509_free(pointer) }
}
