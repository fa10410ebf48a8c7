import COpenSSL

extension Certificate {
    /// Finds and validates the path from this leaf, by way of a CA's certificates, to the last of them, which is trusted,
    /// at one moment (RFC 5280 §6.1), and returns it: this certificate first, the anchor last, its issuer second.
    ///
    /// Each certificate must be valid at that moment, the leaf may not be a CA and must list codeSigning among its
    /// extended key usages and allow digitalSignature, and no CA above it may exclude that. Security is 112 bits at least.
    ///
    /// - Parameters:
    ///   - authority: the CA's certificates, the anchor last; the others may be in any order, and may be more than needed.
    ///   - seconds: the moment, since 1970.
    /// - Throws: ``CertificatesError/chain(_:)``; in it 0 is the leaf.
    public func path(
        to authority: CertificateChain,
        atSeconds seconds: Int64
    ) throws(CertificatesError) -> [Certificate] {
        guard !isCA else { throw .chain(.isAuthority) }
        var handles = [try CertificateHandle(der: der)]
        for certificate in authority.certificates { handles.append(try CertificateHandle(der: certificate.der)) }
        let path: [Certificate]
        do {
            path = try Self.path(handles, at: seconds)
        } catch {
            // To OpenSSL a certificate's last second is no longer valid, against RFC 5280 §4.1.2.5. What it takes for valid a
            // second earlier ends at this one or later.
            guard let earlier = try? Self.path(handles, at: seconds - 1) else { throw error }
            path = earlier
        }
        for (index, certificate) in path.enumerated() {
            let handle = try CertificateHandle(der: certificate.der)
            defer { withExtendedLifetime(handle) {} }
            let isListed = X509_get_extension_flags(handle.pointer) & UInt32(EXFLAG_XKUSAGE) != 0
            // "X509_get_extended_key_usage() return[s] UINT32_MAX when the corresponding extension is absent".
            let usages = X509_get_extended_key_usage(handle.pointer)
            if index > 0 {
                guard usages & UInt32(XKU_CODE_SIGN | XKU_ANYEKU) != 0 else {
                    throw .chain(.codeSigningNotNested(index: index))
                }
            } else {
                // The leaf must say so itself, and that its key signs; an absent extension would allow all.
                guard isListed, usages & UInt32(XKU_CODE_SIGN) != 0,
                    X509_get_key_usage(handle.pointer) & UInt32(KU_DIGITAL_SIGNATURE) != 0
                else { throw .chain(.codeSigningMissing) }
            }
        }
        return path
    }

    private static func path(
        _ handles: [CertificateHandle],
        at seconds: Int64
    ) throws(CertificatesError) -> [Certificate] {
        let validation = try PathValidation(handles)
        try validation.run(at: seconds)
        return try validation.path()
    }
}
