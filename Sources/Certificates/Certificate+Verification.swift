import COpenSSL

extension Certificate {
    /// Checks that another certificate issued this one: name, key identifier, key usage and signature.
    ///
    /// Nothing else is checked, neither times nor what the issuer may issue; see ``CertificateChain``.
    /// Throws ``CertificatesError/issuerMismatch`` or ``CertificatesError/signatureInvalid``.
    public func verify(issuedBy issuer: Certificate) throws(CertificatesError) {
        let parent = try CertificateHandle(der: issuer.der)
        let child = try CertificateHandle(der: der)
        defer {
            withExtendedLifetime((parent, child)) {}
            CertificatesError.discardFailure()
        }
        // Names, authority key identifier, and "if the keyUsage field (if present) of issuer allows certificate signing.
        // It does not actually check the certificate signature": X509_check_issued(3).
        guard X509_check_issued(parent.pointer, child.pointer) == X509_V_OK else { throw .issuerMismatch }
        guard let key = X509_get0_pubkey(parent.pointer), X509_verify(child.pointer, key) == 1 else {
            throw .signatureInvalid
        }
    }

    /// Whether it is valid at a moment, in seconds since 1970; both ends belong to the validity (RFC 5280 §4.1.2.5).
    public func isValid(atSeconds seconds: Int64) -> Bool {
        notBeforeSeconds <= seconds && seconds <= notAfterSeconds
    }
}
