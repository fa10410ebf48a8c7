public import Keys

extension CertificateLint {
    /// Looks at a precertificate that was found in a log, knowing nothing but its issuer: the profile is what it says of
    /// itself, and whatever else it says or lacks is a finding. Whether the issuer signed it is not looked at.
    ///
    /// - Parameters:
    ///   - precertificate: as the log has it.
    ///   - withoutPoison: the TBSCertificate in the log's leaf; the precertificate must be made of it.
    ///   - issuer: the CA that it should be of.
    ///   - scheme: how the CA's key signs.
    /// - Returns: what it says.
    /// - Throws: ``CertificatesError/lint(_:)`` with all that was found, or the part that couldn't be read.
    public static func checkLogged(
        _ precertificate: Certificate,
        withoutPoison: [UInt8],
        issuer: Certificate,
        scheme: SignatureScheme
    ) throws(CertificatesError) -> CertificateProfile {
        let tbs = precertificate.der.withUnsafeBufferPointer { DERElement($0)?.first.map { Array($0.whole) } }
        guard let tbs else { throw .unparsable(.certificate) }
        guard let san = try precertificate.subjectAlternativeNames().first else {
            throw .lint([.extensionMissing("2.5.29.17")])
        }
        let profile = CertificateProfile(
            serial: try SerialNumber(bytes: precertificate.serialNumber),
            notBeforeSeconds: precertificate.notBeforeSeconds,
            publicKey: try precertificate.publicKey,
            san: san,
            extensions: try precertificate.identityExtensions()
        )
        try check(
            tbs,
            as: .precertificate(withoutPoison: withoutPoison),
            against: profile,
            issuer: issuer,
            scheme: scheme
        )
        return profile
    }
}
