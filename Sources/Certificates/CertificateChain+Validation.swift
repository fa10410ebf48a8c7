import COpenSSL
public import Keys

extension CertificateChain {
    /// Checks that a leaf issued now with this key would be one that verifiers accept.
    ///
    /// Path validation (RFC 5280 §6.1) is OpenSSL's, with the last certificate as the trust anchor, which need not be
    /// self-signed, at 112 bits of security. Checked beyond that: the order; that each is a CA with keyCertSign and, where
    /// it lists extended key usages, codeSigning; that a leaf fits below each pathLenConstraint and ends before each of
    /// them; that the issuing certificate's key is strong and the signer's.
    ///
    /// - Parameters:
    ///   - seconds: now, since 1970.
    ///   - signer: the public half of the key that will issue.
    /// - Throws: ``CertificatesError/chain(_:)`` with the first problem found.
    public func validate(at seconds: Int64, signer: PublicKey) throws(CertificatesError) {
        var handles: [CertificateHandle] = []
        for certificate in certificates { handles.append(try CertificateHandle(der: certificate.der)) }
        try checkOrder()
        try checkTimes(seconds)
        try checkRemainingLifetimes(seconds)
        for index in handles.indices { try checkUsages(handles[index], index: index) }
        try checkPathLengths(handles)
        try PathValidation(handles).run(at: seconds)
        try checkKey(signer)
    }

    func checkOrder() throws(CertificatesError) {
        for (index, parent) in certificates.enumerated().dropFirst() {
            guard certificates[index - 1].issuer == parent.subject else { throw .chain(.notOrdered(index: index - 1)) }
        }
    }

    func checkTimes(_ seconds: Int64) throws(CertificatesError) {
        for (index, certificate) in certificates.enumerated() {
            guard seconds >= certificate.notBeforeSeconds else { throw .chain(.notYetValid(index: index)) }
            guard seconds <= certificate.notAfterSeconds else { throw .chain(.expired(index: index)) }
        }
    }

    private func checkRemainingLifetimes(_ seconds: Int64) throws(CertificatesError) {
        for (index, certificate) in certificates.enumerated() {
            let remaining = certificate.notAfterSeconds - seconds
            guard remaining >= CertificateProfile.lifetimeSeconds else {
                throw .chain(.lifetimeTooShort(index: index, remainingSeconds: remaining))
            }
        }
    }

    private func checkUsages(_ handle: CertificateHandle, index: Int) throws(CertificatesError) {
        guard certificates[index].isCA else { throw .chain(.notAuthority(index: index)) }
        guard handle.allows(keyUsage: KU_KEY_CERT_SIGN) else { throw .chain(.keyCertSignMissing(index: index)) }
        // "X509_get_key_usage() and X509_get_extended_key_usage() return UINT32_MAX when the corresponding extension is
        // absent", so each bit is set then: X509_get_extended_key_usage(3).
        let usages = X509_get_extended_key_usage(handle.pointer)
        let isListed = X509_get_extension_flags(handle.pointer) & UInt32(EXFLAG_XKUSAGE) != 0
        if index == 0, certificates.count > 1 {
            guard isListed, usages & UInt32(XKU_CODE_SIGN) != 0 else { throw .chain(.codeSigningMissing) }
        }
        guard usages & UInt32(XKU_CODE_SIGN | XKU_ANYEKU) != 0 else {
            throw .chain(.codeSigningNotNested(index: index))
        }
    }

    /// RFC 5280 §4.2.1.9, for the path that ends in a leaf: the issuing certificate counts as an intermediate.
    ///
    /// OpenSSL cannot check this here, because to it the issuing certificate is the end of the path.
    private func checkPathLengths(_ handles: [CertificateHandle]) throws(CertificatesError) {
        var authoritiesBelow = 0
        for (index, handle) in handles.enumerated() {
            // "X509_get_pathlen() returns the path length value, or -1 if the extension is not present": X509_get_pathlen(3).
            let pathLengthMax = X509_get_pathlen(handle.pointer)
            guard pathLengthMax < 0 || authoritiesBelow <= pathLengthMax else {
                throw .chain(.pathTooLong(index: index, pathLengthMax: pathLengthMax))
            }
            if certificates[index].issuer != certificates[index].subject { authoritiesBelow += 1 }
        }
    }

    func checkKey(_ signer: PublicKey) throws(CertificatesError) {
        // The signer's key has been checked for weaknesses, so an equal key needs no further look.
        if issuing.subjectPublicKeyInfo == signer.subjectPublicKeyInfo { return }
        let key: PublicKey
        do {
            key = try issuing.publicKey
        } catch {
            if case .key(.weak) = error { throw .chain(.weak(index: 0)) }
            throw error
        }
        guard key == signer else { throw .chain(.keyMismatch) }
    }
}
