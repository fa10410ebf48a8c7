import Keys
public import Wire

extension TimestampedEntry {
    /// Reads exactly one TimestampedEntry. Throws `.malformed(.timestampedEntry)`.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        var reader = TLSReader(encoded)
        try self.init(reading: &reader)
        guard reader.isAtEnd else { throw .malformed(.timestampedEntry) }
    }

    /// Reads exactly one MerkleTreeLeaf of RFC 6962 §3.4, version 1. Throws `.malformed(.timestampedEntry)`.
    public init(merkleTreeLeaf: [UInt8]) throws(TransparencyError) {
        guard merkleTreeLeaf.starts(with: [0, 0]) else { throw .malformed(.timestampedEntry) }
        try self.init(encoded: Array(merkleTreeLeaf.dropFirst(2)))
    }

    /// Reads one TimestampedEntry from the front, as data tiles hold them. Throws `.malformed(.timestampedEntry)`.
    public init(reading reader: inout TLSReader) throws(TransparencyError) {
        guard let timestamp = try? reader.u64(), let type = try? reader.u16(),
            let entry = CertificateEntry(type: type, reading: &reader),
            let extensions = try? reader.vector16()
        else { throw .malformed(.timestampedEntry) }
        self.init(
            timestamp: EntryTimestamp(milliseconds: timestamp),
            entry: entry,
            extensions: try SCTExtensions(bytes: extensions)
        )
    }
}

extension CertificateEntry {
    /// The `signed_entry` of a known `entry_type`; nil for others and when bytes are missing.
    fileprivate init?(type: UInt16, reading reader: inout TLSReader) {
        switch type {
        case 0:
            guard let certificate = try? reader.vector24(), !certificate.isEmpty else { return nil }
            self = .x509(certificate: certificate)
        case 1:
            guard let hash = try? reader.bytes(SHA256Digest.byteCount), let issuerKeyHash = SHA256Digest(bytes: hash),
                let tbsCertificate = try? reader.vector24(), !tbsCertificate.isEmpty
            else { return nil }
            self = .precertificate(issuerKeyHash: issuerKeyHash, tbsCertificate: tbsCertificate)
        default:
            return nil
        }
    }
}
