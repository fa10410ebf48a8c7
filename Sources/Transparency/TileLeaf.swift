public import Keys
import Wire

/// An entry as data tiles hold it (C2SP static-ct-api, "Log Entries").
///
/// ```
/// struct {
///     TimestampedEntry timestamped_entry;
///     select (entry_type) {
///         case x509_entry: Empty;
///         case precert_entry: ASN.1Cert pre_certificate;    opaque <1..2^24-1>
///     };
///     Fingerprint certificate_chain<0..2^16-1>;              SHA-256 of each issuer, opaque [32]
/// } TileLeaf;
/// ```
public struct TileLeaf: Sendable, Hashable {
    /// The entry itself: what the tree has a hash of.
    public let timestamped: TimestampedEntry
    /// The signed precertificate; nil for a certificate.
    public let precertificate: [UInt8]?
    /// The issuers' fingerprints, the issuing CA's first.
    public let chain: [SHA256Digest]

    /// Puts the parts together.
    public init(timestamped: TimestampedEntry, precertificate: [UInt8]?, chain: [SHA256Digest]) {
        self.timestamped = timestamped
        self.precertificate = precertificate
        self.chain = chain
    }

    /// The struct's bytes. Throws `.tooLarge`.
    public func encoded() throws(TransparencyError) -> [UInt8] {
        var writer = TLSWriter()
        do {
            writer.bytes(try timestamped.encoded())
            if let precertificate { try writer.vector24(precertificate) }
            try writer.vector16(Array(chain.map(\.bytes).joined()))
        } catch let error as TransparencyError {
            throw error
        } catch {
            throw .tooLarge(.timestampedEntry)
        }
        return writer.bytes
    }

    /// Reads exactly one leaf. Throws `.malformed(.timestampedEntry)`.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        var reader = TLSReader(encoded)
        try self.init(reading: &reader)
        guard reader.isAtEnd else { throw .malformed(.timestampedEntry) }
    }

    /// Reads a data tile: one leaf after the other and nothing else, 256 at most. Throws `.malformed(.timestampedEntry)`.
    public static func leaves(inDataTile bytes: [UInt8]) throws(TransparencyError) -> [TileLeaf] {
        var reader = TLSReader(bytes)
        var leaves: [TileLeaf] = []
        while !reader.isAtEnd {
            guard leaves.count < TileID.fullWidth else { throw .malformed(.timestampedEntry) }
            leaves.append(try TileLeaf(reading: &reader))
        }
        return leaves
    }

    private init(reading reader: inout TLSReader) throws(TransparencyError) {
        timestamped = try TimestampedEntry(reading: &reader)
        do {
            switch timestamped.entry {
            case .x509: precertificate = nil
            case .precertificate: precertificate = try reader.vector24()
            }
            let fingerprints = try reader.vector16()
            guard fingerprints.count % SHA256Digest.byteCount == 0 else {
                throw TransparencyError.malformed(.timestampedEntry)
            }
            chain = stride(from: 0, to: fingerprints.count, by: SHA256Digest.byteCount).compactMap {
                SHA256Digest(bytes: Array(fingerprints[$0..<$0 + SHA256Digest.byteCount]))
            }
        } catch {
            throw .malformed(.timestampedEntry)
        }
    }
}
