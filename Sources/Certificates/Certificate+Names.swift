import COpenSSL

extension Certificate {
    /// The subject's name for people, such as `/O=Mayfly/CN=Mayfly Root`; other than printable ASCII is `\xNN`. Two
    /// names may look alike: for comparisons there is ``subject``.
    ///
    /// Throws ``CertificatesError/openSSL(operation:reasons:)`` for lack of memory only.
    public func subjectText() throws(CertificatesError) -> String {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        // "If buf is NULL then a buffer is dynamically allocated and returned": X509_NAME_oneline(3).
        guard let text = X509_NAME_oneline(X509_get_subject_name(handle.pointer), nil, 0) else {
            throw CertificatesError.failure("print a name")
        }
        defer { CRYPTO_free(text, #file, 0) }
        return String(cString: text)
    }
}
