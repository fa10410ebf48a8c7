public import Keys
import Wire

/// A log's promise to have an entry in its tree (RFC 6962 §3.2).
///
/// ```
/// struct {
///     Version sct_version;                      v1(0)
///     LogID id;                                 opaque key_id[32]
///     uint64 timestamp;
///     CtExtensions extensions;                  opaque <0..2^16-1>
///     digitally-signed struct { ... };          see TimestampedEntry.signedData()
/// } SignedCertificateTimestamp;
/// ```
public struct SignedCertificateTimestamp: Sendable, Hashable {
    /// Who promises.
    public let logID: LogID
    /// When the log took the entry.
    public let timestamp: EntryTimestamp
    /// The log's additions, byte by byte as it signed them.
    public let extensions: SCTExtensions
    /// The log's signature.
    public let signature: DigitallySigned

    /// Puts received parts together; `verify(_:key:)` says whether they are worth anything.
    public init(logID: LogID, timestamp: EntryTimestamp, extensions: SCTExtensions, signature: DigitallySigned) {
        self.logID = logID
        self.timestamp = timestamp
        self.extensions = extensions
        self.signature = signature
    }

    /// Signs the promise. Call it only when the entry is durable in the log. Throws `.tooLarge(.timestampedEntry)`,
    /// `.unsupportedLogKey` and `.signingFailed`. CPU work: for a crypto worker.
    public init(signing entry: TimestampedEntry, with key: SigningKey) throws(TransparencyError) {
        self.init(
            logID: LogID(of: key.publicKey),
            timestamp: entry.timestamp,
            extensions: entry.extensions,
            signature: try DigitallySigned(signing: try entry.signedData(), with: key)
        )
    }

    /// Returns when the promise is `key`'s and about `entry`. Throws `.logIDMismatch`, `.unsupportedLogKey`,
    /// `.tooLarge(.timestampedEntry)` or `.signatureInvalid(.signedCertificateTimestamp)` otherwise.
    public func verify(_ entry: CertificateEntry, key: PublicKey) throws(TransparencyError) {
        let expected = LogID(of: key)
        guard logID == expected else { throw .logIDMismatch(expected: expected) }
        let signed = TimestampedEntry(timestamp: timestamp, entry: entry, extensions: extensions)
        try signature.verify(try signed.signedData(), key: key, as: .signedCertificateTimestamp)
    }

    /// The struct's bytes.
    public var encoded: [UInt8] {
        var writer = TLSWriter()
        writer.u8(0)
        writer.bytes(logID.bytes)
        writer.u64(timestamp.milliseconds)
        extensions.write(to: &writer)
        writer.bytes(signature.encoded)
        return writer.bytes
    }

    /// Reads exactly one timestamp. Throws `.malformed(.signedCertificateTimestamp)`, also for other versions, and
    /// `.malformed(.digitallySigned)`.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        var reader = TLSReader(encoded)
        guard let version = try? reader.u8(), version == 0,
            let id = try? reader.bytes(LogID.byteCount), let logID = LogID(bytes: id),
            let timestamp = try? reader.u64(),
            let extensions = try? reader.vector16(),
            let signature = try? reader.bytes(reader.remaining)
        else { throw .malformed(.signedCertificateTimestamp) }
        self.init(
            logID: logID,
            timestamp: EntryTimestamp(milliseconds: timestamp),
            extensions: try SCTExtensions(bytes: extensions),
            signature: try DigitallySigned(encoded: signature)
        )
    }
}
