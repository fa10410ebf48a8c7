public import Transparency
public import Wire

/// What a leaf of the record log is: an entry's canonical JSON (RFC 8785), of whatever kind and version.
public struct RecordBody: Sendable, Hashable {
    /// The most bytes: an entry bundle gives each leaf's length in 16 bits (C2SP tlog-tiles, "Log entries").
    public static let bytesMax = 65_535

    /// The JSON text.
    public let bytes: [UInt8]
    /// The leaf's hash, SHA-256(0x00 ‖ bytes) (RFC 6962 §2.1).
    public let leafHash: MerkleHash

    /// Writes an entry. Throws `.tooLarge`.
    public init(_ entry: JSONText) throws(RecordProblem) {
        try self.init(bytes: entry.canonical())
    }

    /// Takes what has been canonical all along. Throws `.tooLarge`.
    init(bytes: [UInt8]) throws(RecordProblem) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge }
        self.bytes = bytes
        leafHash = MerkleTree.leafHash(bytes)
    }

    /// As the log keeps it; an entry bundle is the concatenation of these.
    ///
    /// ```
    /// opaque entry<0..2^16-1>;                  tlog-tiles, "Log entries"
    /// ```
    var stored: [UInt8] {
        // `bytesMax` is what 16 bits can say.
        [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }

    /// Reads what ``stored`` wrote; throws for other bytes.
    static func bytes(of stored: [UInt8]) throws(StoredBodyInvalid) -> [UInt8] {
        guard stored.count >= 2, Int(stored[0]) << 8 | Int(stored[1]) == stored.count - 2 else {
            throw StoredBodyInvalid()
        }
        return Array(stored.dropFirst(2))
    }
}

/// The bytes of a stored entry aren't one.
struct StoredBodyInvalid: Error {}
