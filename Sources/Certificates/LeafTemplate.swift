import COpenSSL

/// What is the same in every leaf of one CA, made once: its name and the extensions that never differ.
///
/// Sendable although it owns C objects: nothing changes them after `init`, and OpenSSL only reads them to copy them.
final class LeafTemplate: @unchecked Sendable {
    /// The critical extension that keeps a precertificate from being used (RFC 6962 §3.1): NULL.
    let poison: ExtensionHandle

    private let issuer: CertificateHandle
    private let keyUsage: ExtensionHandle
    private let extendedKeyUsage: ExtensionHandle
    /// Left out if the CA has no subject key identifier, since then nothing could match it (RFC 5280 §4.2.1.1).
    private let authorityKeyIdentifier: ExtensionHandle?
    private let identityObjects: [(id: CertificateExtensionID, object: OpaquePointer)]

    init(issuer: Certificate) throws(CertificatesError) {
        self.issuer = try CertificateHandle(der: issuer.der)
        // KeyUsage digitalSignature: BIT STRING with 7 unused bits (RFC 5280 §4.2.1.3).
        keyUsage = try ExtensionHandle(nid: NID_key_usage, isCritical: true, value: [0x03, 0x02, 0x07, 0x80])
        extendedKeyUsage = try .codeSigning()
        if let identifier = issuer.subjectKeyIdentifier {
            authorityKeyIdentifier = try .authorityKeyIdentifier(identifier)
        } else {
            authorityKeyIdentifier = nil
        }
        poison = try ExtensionHandle(nid: NID_ct_precert_poison, isCritical: true, value: [0x05, 0x00])
        var objects: [(CertificateExtensionID, OpaquePointer)] = []
        for id in CertificateExtensionID.allCases {
            // 1: digits only, no look-up of names.
            guard let object = OBJ_txt2obj(id.dotted, 1) else { throw CertificatesError.failure("name an extension") }
            objects.append((id, object))
        }
        identityObjects = objects
    }

    deinit { for (_, object) in identityObjects { ASN1_OBJECT_free(object) } }

    /// A leaf with everything but its last extension, poison or timestamps.
    func certificate(
        for profile: CertificateProfile,
        algorithm: SignatureAlgorithm
    ) throws(CertificatesError) -> ToBeSigned {
        let certificate = try ToBeSigned.start(serial: profile.serial)
        try certificate.setSignatureAlgorithm(algorithm)
        try certificate.setIssuer(X509_get_subject_name(issuer.pointer))
        try certificate.setValidity(fromSeconds: profile.notBeforeSeconds, toSeconds: profile.notAfterSeconds)
        try certificate.setPublicKey(profile.publicKey)
        // The order is Fulcio's; logs and clients see it, and the timestamp covers it.
        try certificate.append(keyUsage)
        try certificate.append(extendedKeyUsage)
        try certificate.append(.subjectKeyIdentifier(profile.publicKey.keyIdentifier))
        if let authorityKeyIdentifier { try certificate.append(authorityKeyIdentifier) }
        // Critical, because the subject is empty (RFC 5280 §4.2.1.6).
        try certificate.append(
            ExtensionHandle(nid: NID_subject_alt_name, isCritical: true, value: profile.san.generalNames())
        )
        for (id, object) in identityObjects {
            guard let value = profile.extensions.der(of: id) else { continue }
            try certificate.append(ExtensionHandle(object: object, isCritical: false, value: value))
        }
        return certificate
    }
}

extension ExtensionHandle {
    /// ExtKeyUsageSyntax with codeSigning only (RFC 5280 §4.2.1.12).
    static func codeSigning() throws(CertificatesError) -> ExtensionHandle {
        try ExtensionHandle(
            nid: NID_ext_key_usage,
            isCritical: false,
            value: [0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03]
        )
    }

    /// SubjectKeyIdentifier (RFC 5280 §4.2.1.2).
    static func subjectKeyIdentifier(_ identifier: [UInt8]) throws(CertificatesError) -> ExtensionHandle {
        try ExtensionHandle(
            nid: NID_subject_key_identifier,
            isCritical: false,
            value: DEREncoding.element(.octetString, identifier)
        )
    }

    /// AuthorityKeyIdentifier with `keyIdentifier [0]` only (RFC 5280 §4.2.1.1).
    static func authorityKeyIdentifier(_ identifier: [UInt8]) throws(CertificatesError) -> ExtensionHandle {
        try ExtensionHandle(
            nid: NID_authority_key_identifier,
            isCritical: false,
            value: DEREncoding.element(.sequence, DEREncoding.element(.context0Primitive, identifier))
        )
    }
}
