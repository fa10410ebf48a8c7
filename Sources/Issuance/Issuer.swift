public import Certificates
public import Identity
public import Transparency

/// Makes certificates: the one place where the CA's key signs. Both steps are CPU work for a crypto worker.
public struct Issuer: Sendable {
    private let signer: CertificateSigner

    /// Issues with this key and chain.
    public init(signer: CertificateSigner) {
        self.signer = signer
    }

    /// Builds, lints and signs the precertificate for a proven key of a verified identity.
    ///
    /// `seconds` since 1970 become notBefore, not backdated (CERT-3). Throws `.authorityExpired`, `.lintFailed`,
    /// `.identityNotEncodable` and `.signerFailed`; in each case nothing was signed.
    public func prepare(
        _ identity: VerifiedIdentity,
        _ key: ProvenKey,
        at seconds: Int64
    ) throws(IssuanceError) -> PreparedCertificate {
        do throws(CertificatesError) {
            let profile = CertificateProfile(
                serial: try SerialNumber.random(),
                notBeforeSeconds: seconds,
                publicKey: key.publicKey,
                san: identity.san,
                extensions: identity.extensions
            )
            return PreparedCertificate(precertificate: try signer.precertificate(profile))
        } catch {
            throw Self.error(error)
        }
    }

    /// Puts the timestamp into the certificate, lints it again and signs it.
    ///
    /// Throws `.lintFailed` and `.signerFailed`; the prepared certificate is used up either way.
    public func finish(
        _ prepared: consuming PreparedCertificate,
        _ timestamp: SignedCertificateTimestamp
    ) throws(IssuanceError) -> IssuedCertificate {
        let serial = prepared.precertificate.profile.serial
        let list: [UInt8]
        do {
            list = try SignedCertificateTimestamp.list([timestamp])
        } catch {
            throw .signerFailed(.unparsable(.sctList))
        }
        do throws(CertificatesError) {
            let certificate = try signer.finish(prepared.precertificate, sctList: list)
            return IssuedCertificate(certificate: certificate, serial: serial, timestamp: timestamp)
        } catch {
            throw Self.error(error)
        }
    }

    private static func error(_ error: CertificatesError) -> IssuanceError {
        switch error {
        case .lint(let findings): .lintFailed(findings)
        case .nameNotASCII, .nameEmpty: .identityNotEncodable
        case .chain: .authorityExpired
        default: .signerFailed(error)
        }
    }
}
