import Keys
import Wire

/// An entry with the log's time and extensions: what a log puts into its tree, and what a timestamp signs.
///
/// ```
/// struct {                                      RFC 6962 §3.4
///     uint64 timestamp;
///     LogEntryType entry_type;                  x509_entry(0), precert_entry(1), (65535)
///     select(entry_type) {
///         case x509_entry: ASN.1Cert;           opaque <1..2^24-1>
///         case precert_entry: PreCert;          issuer_key_hash[32], opaque tbs_certificate<1..2^24-1>
///     } signed_entry;
///     CtExtensions extensions;                  opaque <0..2^16-1>
/// } TimestampedEntry;
/// ```
public struct TimestampedEntry: Sendable, Hashable {
    /// When the log took the entry.
    public let timestamp: EntryTimestamp
    /// What it took.
    public let entry: CertificateEntry
    /// The log's additions.
    public let extensions: SCTExtensions

    /// Puts the parts together.
    public init(timestamp: EntryTimestamp, entry: CertificateEntry, extensions: SCTExtensions) {
        self.timestamp = timestamp
        self.entry = entry
        self.extensions = extensions
    }

    /// The struct's bytes. Throws `.tooLarge(.timestampedEntry)` when a certificate is empty or has 2^24 bytes or more.
    public func encoded() throws(TransparencyError) -> [UInt8] {
        try encoded(after: [])
    }

    /// The bytes whose leaf hash is in the tree.
    ///
    /// ```
    /// struct {                                  RFC 6962 §3.4
    ///     Version version;                      v1(0)
    ///     MerkleLeafType leaf_type;             timestamped_entry(0)
    ///     TimestampedEntry timestamped_entry;
    /// } MerkleTreeLeaf;
    /// ```
    /// Throws `.tooLarge(.timestampedEntry)`.
    public func merkleTreeLeaf() throws(TransparencyError) -> [UInt8] {
        try encoded(after: [0, 0])
    }

    /// The bytes that a timestamp's signature covers.
    ///
    /// ```
    /// digitally-signed struct {                 RFC 6962 §3.2
    ///     Version sct_version;                  v1(0)
    ///     SignatureType signature_type;         certificate_timestamp(0)
    ///     uint64 timestamp;
    ///     LogEntryType entry_type;
    ///     select(entry_type) { ... } signed_entry;
    ///     CtExtensions extensions;
    /// };
    /// ```
    /// Throws `.tooLarge(.timestampedEntry)`.
    func signedData() throws(TransparencyError) -> [UInt8] {
        try encoded(after: [0, 0])
    }

    private func encoded(after prefix: [UInt8]) throws(TransparencyError) -> [UInt8] {
        let (type, keyHash, certificate): (UInt16, [UInt8], [UInt8]) =
            switch entry {
            case .x509(let certificate): (0, [], certificate)
            case .precertificate(let issuerKeyHash, let tbsCertificate): (1, issuerKeyHash.bytes, tbsCertificate)
            }
        guard !certificate.isEmpty else { throw .tooLarge(.timestampedEntry) }
        var writer = TLSWriter(reserving: 64 + certificate.count + extensions.bytes.count)
        writer.bytes(prefix)
        writer.u64(timestamp.milliseconds)
        writer.u16(type)
        writer.bytes(keyHash)
        do { try writer.vector24(certificate) } catch { throw .tooLarge(.timestampedEntry) }
        extensions.write(to: &writer)
        return writer.bytes
    }
}
