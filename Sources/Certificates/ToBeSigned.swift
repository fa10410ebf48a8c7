import COpenSSL
import Keys

/// A certificate on its way to its signature: what stands in a TBSCertificate (RFC 5280 §4.1.2), held by OpenSSL.
///
/// It is encoded, linted and signed as bytes; `X509_sign` would encode anew and sign what nobody has seen.
///
/// Sendable although it owns a C object: it cannot be copied, so at any time one owner calls OpenSSL with it.
struct ToBeSigned: ~Copyable, @unchecked Sendable {
    private let pointer: OpaquePointer
    /// Where the object goes when it is done with.
    private let origin: LeafTemplate?

    private init(adopting pointer: OpaquePointer, from origin: LeafTemplate? = nil) {
        self.pointer = pointer
        self.origin = origin
    }

    deinit {
        if let origin { origin.takeBack(pointer) } else { X509_free(pointer) }
    }

    /// Starts from an object of a template, in which everything else is set anew for each certificate.
    static func start(serial: SerialNumber, in pointer: OpaquePointer, of template: LeafTemplate)
        throws(CertificatesError) -> ToBeSigned
    {
        let certificate = ToBeSigned(adopting: pointer, from: template)
        try certificate.setSerial(serial)
        return certificate
    }

    /// Starts with the version (3) and the serial number.
    static func start(serial: SerialNumber) throws(CertificatesError) -> ToBeSigned {
        guard let pointer = X509_new() else { throw CertificatesError.failure("make a certificate") }
        let certificate = ToBeSigned(adopting: pointer)
        // 2 is version 3: X509_set_version(3).
        try require(X509_set_version(pointer, 2), "set the version")
        try certificate.setSerial(serial)
        return certificate
    }

    private func setSerial(_ serial: SerialNumber) throws(CertificatesError) {
        // The data of an ASN1_INTEGER is its magnitude, big-endian; the sign stands in its type, which stays positive.
        try require(
            ASN1_STRING_set(
                X509_get_serialNumber(pointer),
                serial.bytes,
                Int32(truncatingIfNeeded: serial.bytes.count)
            ),
            "set the serial number"
        )
    }

    /// Sets the issuer from an `X509_NAME`, which OpenSSL copies with the bytes it was read from.
    func setIssuer(_ name: OpaquePointer) throws(CertificatesError) {
        try require(X509_set_issuer_name(pointer, name), "set the issuer")
    }

    /// Sets the subject from an `X509_NAME`, which OpenSSL copies. Without this call it is the empty sequence.
    func setSubject(_ name: OpaquePointer) throws(CertificatesError) {
        try require(X509_set_subject_name(pointer, name), "set the subject")
    }

    /// Sets the first and the last second of validity, since 1970.
    ///
    /// OpenSSL chooses UTCTime or GeneralizedTime "based on the resulting year" (ASN1_TIME_adj(3)), as RFC 5280 §4.1.2.5
    /// wants it. Throws ``CertificatesError/timeOutOfRange(seconds:)``.
    func setValidity(fromSeconds: Int64, toSeconds: Int64) throws(CertificatesError) {
        for seconds in [fromSeconds, toSeconds] {
            guard (0...Self.secondsMax).contains(seconds) else { throw .timeOutOfRange(seconds: seconds) }
        }
        guard ASN1_TIME_set(X509_getm_notBefore(pointer), Int(fromSeconds)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(toSeconds)) != nil
        else { throw CertificatesError.failure("set the validity") }
    }

    /// 9999-12-31T23:59:59Z, the last second that a certificate can name.
    private static let secondsMax: Int64 = 253_402_300_799

    /// Sets the subject's key.
    ///
    /// The parts are put in directly: `X509_set_pubkey` would encode the key and decode it again, 20 times the cost of
    /// all else here.
    func setPublicKey(_ key: PublicKey) throws(CertificatesError) {
        let bits = key.keyBits
        // "On success ownership of all the supplied parameters is passed to pub": X509_PUBKEY_set0_param(3). The objects
        // are OpenSSL's static ones, which nobody frees.
        guard let copy = CRYPTO_memdup(bits, bits.count, nil, 0) else { throw CertificatesError.failure("copy a key") }
        let (algorithm, type, parameter) = Self.parameters(of: key.algorithm)
        let set = X509_PUBKEY_set0_param(
            X509_get_X509_PUBKEY(pointer),
            OBJ_nid2obj(algorithm),
            type,
            parameter.map { UnsafeMutableRawPointer(OBJ_nid2obj($0)) } ?? nil,
            copy.assumingMemoryBound(to: UInt8.self),
            Int32(truncatingIfNeeded: bits.count)
        )
        guard set == 1 else {
            CRYPTO_free(copy, nil, 0)
            throw CertificatesError.failure("set the public key")
        }
    }

    private static func parameters(of algorithm: KeyAlgorithm) -> (nid: Int32, type: Int32, parameter: Int32?) {
        switch algorithm {
        case .p256: (NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, NID_X9_62_prime256v1)
        case .p384: (NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, NID_secp384r1)
        case .p521: (NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, NID_secp521r1)
        case .rsa: (NID_rsaEncryption, V_ASN1_NULL, nil)
        case .ed25519: (NID_ED25519, V_ASN1_UNDEF, nil)
        }
    }

    /// Sets the algorithm that will sign, in the place inside of what is signed.
    func setSignatureAlgorithm(_ algorithm: SignatureAlgorithm) throws(CertificatesError) {
        // OpenSSL offers this field as const, since X509_sign is meant to fill it; but here the bytes are needed before
        // the signature. The object is ours and not shared.
        let field = UnsafeMutablePointer(mutating: X509_get0_tbs_sigalg(pointer))
        try require(
            X509_ALGOR_set0(field, OBJ_nid2obj(algorithm.nid), algorithm.parameterType, nil),
            "set the algorithm"
        )
    }

    /// Appends an extension, which OpenSSL copies.
    func append(_ extension: ExtensionHandle) throws(CertificatesError) {
        // "If loc is -1, the new extension is added to the end. […] The passed extension ex is duplicated internally":
        // X509_add_ext(3).
        try require(X509_add_ext(pointer, `extension`.pointer, -1), "add an extension")
    }

    /// Removes the last extension.
    func removeLastExtension() throws(CertificatesError) {
        // The removed extension is the caller's: X509_delete_ext(3).
        guard let removed = X509_delete_ext(pointer, X509_get_ext_count(pointer) - 1) else {
            throw CertificatesError.failure("remove an extension")
        }
        X509_EXTENSION_free(removed)
    }

    /// The DER of the TBSCertificate as it stands now.
    func encoded() throws(CertificatesError) -> [UInt8] {
        try tbs(of: pointer)
    }
}
