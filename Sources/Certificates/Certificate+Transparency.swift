import COpenSSL
import Wire

extension Certificate {
    /// Whether it is a precertificate: it has the poison extension (RFC 6962 §3.1).
    public var isPrecertificate: Bool {
        guard let handle = try? CertificateHandle(der: der) else { return false }
        defer { withExtendedLifetime(handle) {} }
        return X509_get_ext_by_NID(handle.pointer, NID_ct_precert_poison, -1) >= 0
    }

    /// The TLS SignedCertificateTimestampList (RFC 6962 §3.3) that is embedded, or `nil` if there is none.
    ///
    /// Throws ``CertificatesError/unparsable(_:)`` if it is not an OCTET STRING with one well-formed list.
    public func sctList() throws(CertificatesError) -> [UInt8]? {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        guard let place = try handle.place(ofExtension: NID_ct_precert_scts) else { return nil }
        guard let value = X509_EXTENSION_get_data(X509_get_ext(handle.pointer, place)) else {
            throw CertificatesError.failure("read an extension")
        }
        let list = CertificateHandle.octets(value).withUnsafeBufferPointer { buffer -> [UInt8]? in
            guard buffer.first == DEREncoding.Tag.octetString.rawValue, let element = DERElement(buffer),
                element.whole.count == buffer.count
            else { return nil }
            return Array(element.content)
        }
        guard let list else { throw .unparsable(.sctList) }
        try Self.checkSCTList(list)
        return list
    }

    /// `SerializedSCT sct_list <1..2^16-1>`, each `opaque SerializedSCT<1..2^16-1>` (RFC 6962 §3.3).
    static func checkSCTList(_ list: [UInt8]) throws(CertificatesError) {
        do {
            var outer = TLSReader(list)
            var inner = TLSReader(try outer.vector16())
            try outer.finish()
            guard !inner.isAtEnd else { throw CertificatesError.unparsable(.sctList) }
            while !inner.isAtEnd {
                guard try !inner.vector16().isEmpty else { throw CertificatesError.unparsable(.sctList) }
            }
        } catch {
            throw .unparsable(.sctList)
        }
    }

    /// What a timestamp covers: the TBSCertificate without the list of timestamps and without poison (RFC 6962 §3.2).
    ///
    /// OpenSSL encodes it anew, which gives the signed bytes back for DER only. So the untouched TBSCertificate is
    /// encoded anew first: if that does not give the received bytes, ``CertificatesError/unparsable(_:)`` is thrown.
    public func precertificateTBS() throws(CertificatesError) -> [UInt8] {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        let received = der.withUnsafeBufferPointer { DERElement($0)?.first.map { Array($0.whole) } }
        guard try tbs(of: handle.pointer) == received else { throw .unparsable(.notCanonical) }
        for nid in [NID_ct_precert_scts, NID_ct_precert_poison] {
            guard let place = try handle.place(ofExtension: nid) else { continue }
            // OpenSSL would leave an empty list, which DER does not have (RFC 5280 §4.1: SIZE (1..MAX)). Nobody has such
            // a certificate: it would say nothing about its subject.
            guard X509_get_ext_count(handle.pointer) > 1 else { throw .unparsable(.notCanonical) }
            // The removed extension is the caller's: X509_delete_ext(3).
            X509_EXTENSION_free(X509_delete_ext(handle.pointer, place))
        }
        return try tbs(of: handle.pointer)
    }
}
