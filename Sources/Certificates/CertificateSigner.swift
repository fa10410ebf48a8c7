import COpenSSL
public import Keys

/// Issues leaves with a CA's key: the precertificate, then, with the log's timestamp, the certificate.
///
/// The bytes that are linted are the bytes that are signed, and both certificates come from one OpenSSL object.
/// May be used from several threads at once.
public struct CertificateSigner: Sendable {
    /// The CA's certificates, the issuing one first.
    public let chain: CertificateChain
    /// SHA-256 of the CA's key, which a timestamp covers (RFC 6962 §3.2).
    public let issuerKeyHash: SHA256Digest

    private let key: SigningKey
    private let algorithm: SignatureAlgorithm
    private let template: LeafTemplate

    /// Prepares what is the same in each leaf.
    ///
    /// The chain should have passed ``CertificateChain/validate(at:signer:)``. Throws ``ChainProblem/keyMismatch`` if the
    /// key is not that of the issuing certificate, and ``CertificatesError/schemeUnsupported``.
    public init(key: SigningKey, chain: CertificateChain) throws(CertificatesError) {
        guard try chain.issuing.publicKey == key.publicKey else { throw .chain(.keyMismatch) }
        self.key = key
        self.chain = chain
        issuerKeyHash = key.publicKey.sha256
        algorithm = try SignatureAlgorithm(key.scheme)
        template = try LeafTemplate(issuer: chain.issuing)
    }

    /// Makes, lints and signs a precertificate (RFC 6962 §3.1).
    ///
    /// Throws ``CertificatesError/lint(_:)``, an error about a value of the profile, or ``CertificatesError/chain(_:)``
    /// if a CA certificate is not valid for the whole life of the leaf. Nothing is signed then.
    public func precertificate(_ profile: CertificateProfile) throws(CertificatesError) -> Precertificate {
        try checkChainOutlives(profile)
        let certificate = try template.certificate(for: profile, algorithm: algorithm)
        let withoutPoison = try certificate.encoded()
        try certificate.append(template.poison)
        let tbs = try certificate.encoded()
        let der = try sign(tbs, as: .precertificate(withoutPoison: withoutPoison), profile: profile)
        try certificate.removeLastExtension()
        return Precertificate(
            der: der,
            tbsWithoutPoison: withoutPoison,
            issuerKeyHash: issuerKeyHash,
            profile: profile,
            certificate: certificate
        )
    }

    /// Makes, lints and signs the certificate: the precertificate with timestamps in the place of the poison.
    ///
    /// - Parameters:
    ///   - precertificate: what this signer made before.
    ///   - sctList: the TLS SignedCertificateTimestampList (RFC 6962 §3.3), with at least one timestamp.
    /// - Throws: ``CertificatesError/unparsable(_:)`` for the list, ``CertificatesError/lint(_:)``, or
    ///   ``CertificatesError/precertificateOfAnotherIssuer``. Nothing is signed then.
    public func finish(
        _ precertificate: consuming Precertificate,
        sctList: [UInt8]
    ) throws(CertificatesError) -> Certificate {
        guard precertificate.issuerKeyHash == issuerKeyHash else { throw .precertificateOfAnotherIssuer }
        try Certificate.checkSCTList(sctList)
        // extnValue holds an OCTET STRING that holds the list.
        let value = DEREncoding.element(.octetString, sctList)
        try precertificate.certificate.append(
            ExtensionHandle(nid: NID_ct_precert_scts, isCritical: false, value: value)
        )
        let tbs = try precertificate.certificate.encoded()
        let form = CertificateLint.Form.certificate(sctList: sctList, withoutPoison: precertificate.tbsWithoutPoison)
        let der = try sign(tbs, as: form, profile: precertificate.profile)
        return Certificate(leaf: der, profile: precertificate.profile, issuer: chain.issuing.subject)
    }

    private func checkChainOutlives(_ profile: CertificateProfile) throws(CertificatesError) {
        for (index, authority) in chain.certificates.enumerated() {
            guard profile.notBeforeSeconds >= authority.notBeforeSeconds else {
                throw .chain(.notYetValid(index: index))
            }
            guard profile.notBeforeSeconds <= authority.notAfterSeconds else { throw .chain(.expired(index: index)) }
            guard profile.notAfterSeconds <= authority.notAfterSeconds else {
                let remaining = authority.notAfterSeconds - profile.notBeforeSeconds
                throw .chain(.lifetimeTooShort(index: index, remainingSeconds: remaining))
            }
        }
    }

    /// Signs what the lint has nothing against, and only that.
    private func sign(
        _ tbs: [UInt8],
        as form: CertificateLint.Form,
        profile: CertificateProfile
    ) throws(CertificatesError) -> [UInt8] {
        try lint(tbs, as: form, profile: profile)
        let signature = try CertificatesError.keys { () throws(KeysError) in try key.sign(tbs) }
        return algorithm.certificate(tbs: tbs, signature: signature)
    }

    /// Reads a precertificate in full. A certificate must be the one that was read, with timestamps: that is seen on the
    /// bytes, and where it isn't so the full reading says what is wrong.
    private func lint(
        _ tbs: [UInt8],
        as form: CertificateLint.Form,
        profile: CertificateProfile
    ) throws(CertificatesError) {
        if case .certificate(let list, let withoutPoison) = form {
            if LintSplice.isCertificate(tbs, madeOf: withoutPoison, sctList: list) { return }
        }
        try CertificateLint.check(tbs, as: form, against: profile, issuer: chain.issuing, scheme: key.scheme)
        if case .certificate = form { throw .lint([.differsFromPrecertificate]) }
    }
}
