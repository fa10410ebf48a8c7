import COpenSSL
public import Keys

/// The CA certificates of a new installation: a root and an intermediate that issues.
///
/// They follow Sigstore's certificate specification (`docs/certificate-specification.md` of Fulcio) and RFC 5280 §4.
public enum AuthorityCertificates {
    /// How long a root is valid, in seconds: ten years of 365 days.
    public static let rootLifetimeSeconds: Int64 = 3_650 * 86_400
    /// How long an intermediate is valid at most, in seconds: three years of 365 days.
    public static let intermediateLifetimeSeconds: Int64 = 1_095 * 86_400
    /// The kind of key that the specification recommends at least for both.
    public static let keyAlgorithm = KeyAlgorithm.p384

    /// Makes a self-signed root.
    ///
    /// It has no extended key usage and no path length, so that it may also be the root of a timestamp authority.
    ///
    /// - Parameters:
    ///   - name: its name; with a country, since readers such as zlint want one in a root.
    ///   - key: its key.
    ///   - serial: its serial number, random.
    ///   - notBeforeSeconds: the first second of validity, since 1970.
    /// - Throws: ``CertificatesError``, such as ``CertificatesError/timeOutOfRange(seconds:)``.
    public static func root(
        name: AuthorityName,
        key: SigningKey,
        serial: SerialNumber,
        notBeforeSeconds: Int64
    ) throws(CertificatesError) -> Certificate {
        let certificate = try ToBeSigned.start(serial: serial)
        try name.withHandle { name throws(CertificatesError) in
            try certificate.setIssuer(name)
            try certificate.setSubject(name)
        }
        let end = notBeforeSeconds.addingReportingOverflow(rootLifetimeSeconds).partialValue
        try certificate.setValidity(fromSeconds: notBeforeSeconds, toSeconds: end)
        try certificate.setPublicKey(key.publicKey)
        try certificate.append(keyUsage())
        // BasicConstraints cA TRUE (RFC 5280 §4.2.1.9).
        try certificate.append(
            ExtensionHandle(nid: NID_basic_constraints, isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xFF])
        )
        try certificate.append(.subjectKeyIdentifier(key.publicKey.keyIdentifier))
        return try sign(certificate, with: key)
    }

    /// Makes an intermediate below a root, which may issue leaves for code signing and no CAs.
    ///
    /// It ends after three years, or together with its issuer if that is earlier.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - publicKey: its key.
    ///   - issuer: the root.
    ///   - issuerKey: the root's key.
    ///   - serial: its serial number, random.
    ///   - notBeforeSeconds: the first second of validity, since 1970.
    /// - Throws: ``ChainProblem`` if the issuer is not a CA, not valid at the first second or not the owner of the key;
    ///   other ``CertificatesError``.
    public static func intermediate(
        name: AuthorityName,
        publicKey: PublicKey,
        issuer: Certificate,
        issuerKey: SigningKey,
        serial: SerialNumber,
        notBeforeSeconds: Int64
    ) throws(CertificatesError) -> Certificate {
        let certificate = try below(
            issuer,
            issuerKey,
            name: name,
            publicKey: publicKey,
            serial: serial,
            notBeforeSeconds: notBeforeSeconds
        )
        try certificate.append(keyUsage())
        try certificate.append(.codeSigning())
        // BasicConstraints cA TRUE, pathLenConstraint 0 (RFC 5280 §4.2.1.9).
        try certificate.append(
            ExtensionHandle(
                nid: NID_basic_constraints,
                isCritical: true,
                value: [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00]
            )
        )
        try appendIdentifiers(to: certificate, key: publicKey, issuer: issuer)
        return try sign(certificate, with: issuerKey)
    }

    /// A certificate below a CA, valid for three years or as long as the CA, without extensions yet.
    static func below(
        _ issuer: Certificate,
        _ issuerKey: SigningKey,
        name: AuthorityName,
        publicKey: PublicKey,
        serial: SerialNumber,
        notBeforeSeconds: Int64
    ) throws(CertificatesError) -> ToBeSigned {
        guard issuer.isCA else { throw .chain(.notAuthority(index: 0)) }
        guard notBeforeSeconds >= issuer.notBeforeSeconds else { throw .chain(.notYetValid(index: 0)) }
        guard notBeforeSeconds <= issuer.notAfterSeconds else { throw .chain(.expired(index: 0)) }
        guard try issuer.publicKey == issuerKey.publicKey else { throw .chain(.keyMismatch) }
        let certificate = try ToBeSigned.start(serial: serial)
        let parent = try CertificateHandle(der: issuer.der)
        defer { withExtendedLifetime(parent) {} }
        try certificate.setIssuer(X509_get_subject_name(parent.pointer))
        try name.withHandle { name throws(CertificatesError) in try certificate.setSubject(name) }
        let end = notBeforeSeconds.addingReportingOverflow(intermediateLifetimeSeconds).partialValue
        try certificate.setValidity(fromSeconds: notBeforeSeconds, toSeconds: min(end, issuer.notAfterSeconds))
        try certificate.setPublicKey(publicKey)
        return certificate
    }

    /// The identifiers of the key and of the issuer's (RFC 5280 §4.2.1.1, §4.2.1.2).
    static func appendIdentifiers(
        to certificate: borrowing ToBeSigned,
        key: PublicKey,
        issuer: Certificate
    ) throws(CertificatesError) {
        try certificate.append(.subjectKeyIdentifier(key.keyIdentifier))
        if let identifier = issuer.subjectKeyIdentifier {
            try certificate.append(.authorityKeyIdentifier(identifier))
        }
    }

    /// KeyUsage keyCertSign and cRLSign, critical (RFC 5280 §4.2.1.3).
    private static func keyUsage() throws(CertificatesError) -> ExtensionHandle {
        try ExtensionHandle(nid: NID_key_usage, isCritical: true, value: [0x03, 0x02, 0x01, 0x06])
    }

    static func sign(
        _ certificate: borrowing ToBeSigned,
        with key: SigningKey
    ) throws(CertificatesError) -> Certificate {
        let algorithm = try SignatureAlgorithm(key.scheme)
        try certificate.setSignatureAlgorithm(algorithm)
        let tbs = try certificate.encoded()
        let signature = try CertificatesError.keys { () throws(KeysError) in try key.sign(tbs) }
        return try Certificate(der: algorithm.certificate(tbs: tbs, signature: signature))
    }
}
