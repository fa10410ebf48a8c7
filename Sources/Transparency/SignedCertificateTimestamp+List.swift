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
        var items: [UInt8] = []
        for timestamp in timestamps {
            let encoded = timestamp.encoded
            guard encoded.count <= UInt16.max else { throw .tooLarge(.signedCertificateTimestampList) }
            items.appendBigEndian(UInt64(encoded.count), byteCount: 2)
            items.append(contentsOf: encoded)
        }
        guard !items.isEmpty, items.count <= UInt16.max else { throw .tooLarge(.signedCertificateTimestampList) }
        var list: [UInt8] = []
        list.appendBigEndian(UInt64(items.count), byteCount: 2)
        return list + items
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
