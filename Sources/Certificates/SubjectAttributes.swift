import COpenSSL

/// The parts of a subject's name that trust roots repeat, each of which may be missing.
public struct SubjectAttributes: Sendable, Hashable {
    /// The organization.
    public let organization: String?
    /// The common name.
    public let commonName: String?
}

extension Certificate {
    /// The first organization and the first common name of the subject.
    ///
    /// Throws ``CertificatesError/openSSL(operation:reasons:)`` for lack of memory only.
    public func subjectAttributes() throws(CertificatesError) -> SubjectAttributes {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        let name = X509_get_subject_name(handle.pointer)
        return SubjectAttributes(
            organization: Self.text(NID_organizationName, in: name),
            commonName: Self.text(NID_commonName, in: name)
        )
    }

    private static func text(_ nid: Int32, in name: OpaquePointer?) -> String? {
        let place = X509_NAME_get_index_by_NID(name, nid, -1)
        guard place >= 0, let value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)) else { return nil }
        // "ASN1_STRING_to_UTF8() … The out parameter is allocated by the function and must be freed": ASN1_STRING_to_UTF8(3).
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, value)
        guard count >= 0, let bytes else {
            CertificatesError.discardFailure()
            return nil
        }
        defer { CRYPTO_free(bytes, #file, 0) }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }
}
