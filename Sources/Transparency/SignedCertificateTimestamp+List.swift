import Wire

extension SignedCertificateTimestamp {
    /// The value of the certificate extension 1.3.6.1.4.1.11129.2.4.2, inside its OCTET STRING.
    ///
    /// ```
    /// opaque SerializedSCT<1..2^16-1>;          RFC 6962 §3.3
    /// struct {
    ///     SerializedSCT sct_list<1..2^16-1>;
    /// } SignedCertificateTimestampList;
    /// ```
    /// Throws `.tooLarge(.signedCertificateTimestampList)` for an empty list and past 65,535 bytes.
    public static func list(_ timestamps: [SignedCertificateTimestamp]) throws(TransparencyError) -> [UInt8] {
        guard !timestamps.isEmpty else { throw .tooLarge(.signedCertificateTimestampList) }
        var items = TLSWriter()
        var list = TLSWriter()
        do {
            for timestamp in timestamps { try items.vector16(timestamp.encoded) }
            try list.vector16(items.bytes)
        } catch {
            throw .tooLarge(.signedCertificateTimestampList)
        }
        return list.bytes
    }

    /// Reads a whole list. Throws `.malformed(.signedCertificateTimestampList)`, also for an empty list, and what
    /// reading a timestamp throws.
    public static func timestamps(inList list: [UInt8]) throws(TransparencyError) -> [SignedCertificateTimestamp] {
        var outer = TLSReader(list)
        guard let content = try? outer.vector16(), outer.isAtEnd, !content.isEmpty else {
            throw .malformed(.signedCertificateTimestampList)
        }
        var reader = TLSReader(content)
        var timestamps: [SignedCertificateTimestamp] = []
        while !reader.isAtEnd {
            guard let item = try? reader.vector16() else { throw .malformed(.signedCertificateTimestampList) }
            timestamps.append(try SignedCertificateTimestamp(encoded: item))
        }
        return timestamps
    }
}
