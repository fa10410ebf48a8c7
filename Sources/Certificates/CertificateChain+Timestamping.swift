import COpenSSL
public import Keys

extension CertificateChain {
    /// The value of the extended key usage `id-kp-timeStamping` alone: SEQUENCE { 1.3.6.1.5.5.7.3.8 }.
    static let timeStampingOnly: [UInt8] = [
        0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08,
    ]

    /// Checks that a timestamp signed now with this key would be one that verifiers accept: the first certificate is the
    /// timestamp authority's, the last its root.
    ///
    /// What `validate(at:signer:)` says of path validation holds here too. Checked beyond it is what RFC 3161 §2.3 and the
    /// clients want: two certificates or more, the first no CA, with digitalSignature, and with timeStamping as its only
    /// extended key usage, critical; the others CAs that don't exclude timeStamping.
    ///
    /// - Parameters:
    ///   - seconds: now, since 1970.
    ///   - signer: the public half of the key that will sign.
    /// - Throws: ``CertificatesError/chain(_:)`` with the first problem found.
    public func validateTimestamping(at seconds: Int64, signer: PublicKey) throws(CertificatesError) {
        var handles: [CertificateHandle] = []
        for certificate in certificates { handles.append(try CertificateHandle(der: certificate.der)) }
        guard certificates.count > 1 else { throw .chain(.rootMissing) }
        try checkOrder()
        try checkTimes(seconds)
        try checkTimestampingLeaf(handles[0])
        for index in handles.indices.dropFirst() { try checkAuthority(handles[index], index: index) }
        try PathValidation(handles).run(at: seconds)
        try checkKey(signer)
    }

    private func checkTimestampingLeaf(_ handle: CertificateHandle) throws(CertificatesError) {
        guard !issuing.isCA else { throw .chain(.leafIsAuthority) }
        guard handle.allows(keyUsage: KU_DIGITAL_SIGNATURE) else { throw .chain(.digitalSignatureMissing) }
        // Compared as bytes: OpenSSL's flags leave out usages that it doesn't know.
        let usages = try issuing.extensions().filter { $0.identifier == "2.5.29.37" }
        guard usages.count == 1, usages.allSatisfy({ $0.isCritical && $0.value == Self.timeStampingOnly }) else {
            throw .chain(.timeStampingNotAlone)
        }
    }

    private func checkAuthority(_ handle: CertificateHandle, index: Int) throws(CertificatesError) {
        guard certificates[index].isCA else { throw .chain(.notAuthority(index: index)) }
        guard handle.allows(keyUsage: KU_KEY_CERT_SIGN) else { throw .chain(.keyCertSignMissing(index: index)) }
        // "UINT32_MAX when the corresponding extension is absent": X509_get_extended_key_usage(3).
        let usages = X509_get_extended_key_usage(handle.pointer)
        guard usages & UInt32(XKU_TIMESTAMP | XKU_ANYEKU) != 0 else {
            throw .chain(.timeStampingNotNested(index: index))
        }
    }
}
