import COpenSSL
import Synchronization

/// What is the same in every leaf of one CA, made once: its name and the extensions that never differ.
///
/// Sendable although it owns C objects: nothing changes them after `init`, and OpenSSL only reads them to copy them.
/// The spare certificates are each one owner's at a time.
final class LeafTemplate: @unchecked Sendable {
    /// The critical extension that keeps a precertificate from being used (RFC 6962 §3.1): NULL.
    let poison: ExtensionHandle

    private let issuer: CertificateHandle
    private let keyUsage: ExtensionHandle
    private let extendedKeyUsage: ExtensionHandle
    /// Left out if the CA has no subject key identifier, since then nothing could match it (RFC 5280 §4.2.1.1).
    private let authorityKeyIdentifier: ExtensionHandle?
    /// Certificates that have been used and hold what is the same in all: version, issuer and the first extensions.
    /// Setting the issuer anew would encode and decode the name, a third of the cost of building.
    private let spares = Mutex<[Spare]>([])
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

    deinit {
        for (_, object) in identityObjects { ASN1_OBJECT_free(object) }
        for spare in spares.withLock({ $0 }) { X509_free(spare.pointer) }
    }

    private struct Spare: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// More are never in use at once than requests are between precertificate and certificate, usually.
    private static let sparesMax = 256
    /// KeyUsage and ExtendedKeyUsage, which stay in a spare.
    private static let constantExtensions: Int32 = 2

    /// A spare, or a new one.
    private func blank() throws(CertificatesError) -> OpaquePointer {
        if let spare = spares.withLock({ $0.popLast() }) { return spare.pointer }
        guard let pointer = X509_new() else { throw CertificatesError.failure("make a certificate") }
        // 2 is version 3: X509_set_version(3).
        guard X509_set_version(pointer, 2) == 1,
            X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)) == 1,
            X509_add_ext(pointer, keyUsage.pointer, -1) == 1,
            X509_add_ext(pointer, extendedKeyUsage.pointer, -1) == 1
        else {
            X509_free(pointer)
            throw CertificatesError.failure("make a certificate")
        }
        return pointer
    }

    /// Takes a certificate back that nobody needs any more, without what was its own.
    func takeBack(_ pointer: OpaquePointer) {
        while X509_get_ext_count(pointer) > Self.constantExtensions {
            // The removed extension is the caller's: X509_delete_ext(3).
            X509_EXTENSION_free(X509_delete_ext(pointer, X509_get_ext_count(pointer) - 1))
        }
        let isKept = spares.withLock { spares in
            guard spares.count < Self.sparesMax else { return false }
            spares.append(Spare(pointer: pointer))
            return true
        }
        if !isKept { X509_free(pointer) }
    }

    /// A leaf with everything but its last extension, poison or timestamps.
    func certificate(
        for profile: CertificateProfile,
        algorithm: SignatureAlgorithm
    ) throws(CertificatesError) -> ToBeSigned {
        let certificate = try ToBeSigned.start(serial: profile.serial, in: try blank(), of: self)
        try certificate.setSignatureAlgorithm(algorithm)
        try certificate.setValidity(fromSeconds: profile.notBeforeSeconds, toSeconds: profile.notAfterSeconds)
        try certificate.setPublicKey(profile.publicKey)
        // After KeyUsage and ExtendedKeyUsage. The order is Fulcio's; logs and clients see it, the timestamp covers it.
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
