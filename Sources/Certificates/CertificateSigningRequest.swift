import COpenSSL
public import Keys
import Wire

/// A PKCS #10 certificate signing request (RFC 2986). Only its key and its signature matter here: subject, attributes
/// and requested extensions are read over (POP-4).
public struct CertificateSigningRequest: Sendable {
    /// The key it asks a certificate for; it may be weak.
    public let publicKey: UncheckedPublicKey
    /// The bytes that are signed, as received.
    public let requestInfo: [UInt8]
    /// The signature over them.
    public let signature: [UInt8]
    /// How they say they are signed; nil for SHA-1, MD5 and whatever else nobody should trust.
    public let signatureScheme: SignatureScheme?

    /// Reads the first PEM block, which must be labelled `CERTIFICATE REQUEST` or `NEW CERTIFICATE REQUEST`.
    /// Throws ``CertificatesError/unparsable(_:)``, also for another version than 1 and for keys of unknown kinds.
    public init(pem: [UInt8]) throws(CertificatesError) {
        guard let block = try? PEMBlock.first(in: pem),
            ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"].contains(block.label)
        else { throw .unparsable(.pem) }
        guard let request = OpenSSL.object(in: block.bytes, free: X509_REQ_free, { d2i_X509_REQ(nil, $0, $1) }) else {
            throw .unparsable(.signingRequest)
        }
        defer { X509_REQ_free(request) }
        guard X509_REQ_get_version(request) == 0 else { throw .unparsable(.signingRequest) }

        let info = try encoded("encode a key") { i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), $0) }
        do { publicKey = try UncheckedPublicKey(subjectPublicKeyInfo: info) } catch { throw .key(error) }
        let received = block.bytes.withUnsafeBufferPointer { DERElement($0)?.first.map { Array($0.whole) } }
        guard let received else { throw .unparsable(.signingRequest) }
        requestInfo = received

        var bits: UnsafePointer<ASN1_BIT_STRING>?
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_REQ_get0_signature(request, &bits, &algorithm)
        guard let bits, let algorithm else { throw .unparsable(.signingRequest) }
        signature = CertificateHandle.octets(bits)
        signatureScheme = Self.scheme(of: algorithm)
    }

    /// The scheme of an AlgorithmIdentifier (RFC 5758 §3, RFC 4055 §5, RFC 8410 §3).
    private static func scheme(of algorithm: UnsafePointer<X509_ALGOR>) -> SignatureScheme? {
        var object: OpaquePointer?
        X509_ALGOR_get0(&object, nil, nil, algorithm)
        switch OBJ_obj2nid(object) {
        case NID_ecdsa_with_SHA256: return .ecdsa(.sha256)
        case NID_ecdsa_with_SHA384: return .ecdsa(.sha384)
        case NID_ecdsa_with_SHA512: return .ecdsa(.sha512)
        case NID_sha256WithRSAEncryption: return .rsaPKCS1(.sha256)
        case NID_sha384WithRSAEncryption: return .rsaPKCS1(.sha384)
        case NID_sha512WithRSAEncryption: return .rsaPKCS1(.sha512)
        case NID_rsassaPss: return pssDigest(of: algorithm).map { .rsaPSS($0) }
        case NID_ED25519: return .ed25519
        default: return nil
        }
    }

    private static func pssDigest(of algorithm: UnsafePointer<X509_ALGOR>) -> DigestAlgorithm? {
        var digest: Int32 = 0
        guard mayfly_pss_digest(algorithm, &digest) == 1 else {
            CertificatesError.discardFailure()
            return nil
        }
        switch digest {
        case NID_sha256: return .sha256
        case NID_sha384: return .sha384
        case NID_sha512: return .sha512
        default: return nil
        }
    }
}

extension CertificateSigningRequest {
    /// The key, after checking that it is strong and has signed the request.
    /// Throws ``CertificatesError/key(_:)`` and ``CertificatesError/signatureInvalid``.
    public func verifiedKey() throws(CertificatesError) -> PublicKey {
        let key: PublicKey
        do { key = try publicKey.checked() } catch { throw .key(error) }
        guard let signatureScheme else { throw .signatureInvalid }
        do { try key.verify(signature, over: requestInfo, with: signatureScheme) } catch { throw .signatureInvalid }
        return key
    }
}
