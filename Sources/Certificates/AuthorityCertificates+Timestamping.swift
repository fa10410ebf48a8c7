import COpenSSL
public import Keys

extension AuthorityCertificates {
    /// Makes the certificate of a timestamp authority below a root: it may sign timestamps, and nothing else.
    ///
    /// RFC 3161 §2.3: one extended key usage, `id-kp-timeStamping`, critical. It ends after three years, or together with
    /// its issuer if that is earlier.
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
    public static func timestamping(
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
        // KeyUsage digitalSignature (RFC 5280 §4.2.1.3).
        try certificate.append(ExtensionHandle(nid: NID_key_usage, isCritical: true, value: [0x03, 0x02, 0x07, 0x80]))
        try certificate.append(
            ExtensionHandle(nid: NID_ext_key_usage, isCritical: true, value: CertificateChain.timeStampingOnly)
        )
        try appendIdentifiers(to: certificate, key: publicKey, issuer: issuer)
        return try sign(certificate, with: issuerKey)
    }
}
