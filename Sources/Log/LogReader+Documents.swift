import Keys
public import Transparency

/// What every log serves of itself (C2SP tlog-tiles).
extension LogReader {
    /// The newest checkpoint. Throws `.unavailable`.
    public func checkpointDocument() async throws(LogReadError) -> LogDocument {
        let head = try await serving { reader throws(LogError) in try await reader.head() }
        return LogDocument(bytes: head.checkpoint, contentType: "text/plain; charset=utf-8", lifetime: .changing)
    }

    /// The hash tile at `<L>/<N>[.p/<W>]` of the log `logID`. Throws `.notFound`, also for other paths, and `.unavailable`.
    public func tileDocument(at path: String, of logID: LogID) async throws(LogReadError) -> LogDocument {
        guard let id = try? TileID(path: path) else { throw .notFound }
        let bytes = try await serving { reader throws(LogError) in try await reader.tile(id)?.bytes }
        return try Self.document(bytes, at: path, of: logID, isCompressible: false)
    }

    /// The data tile `id` of the log `logID`, which has it at `path`. Throws `.notFound` and `.unavailable`.
    public func dataTileDocument(
        _ id: TileID,
        at path: String,
        of logID: LogID
    ) async throws(LogReadError) -> LogDocument {
        let bytes = try await serving { reader throws(LogError) in try await reader.dataTile(id) }
        // What leaves say, they say more than once.
        return try Self.document(bytes, at: path, of: logID, isCompressible: true)
    }

    /// Reads, and says of a failure that nothing could be served.
    public func serving<Value: Sendable>(
        _ body: (LogReader) async throws(LogError) -> Value
    ) async throws(LogReadError) -> Value {
        do { return try await body(self) } catch { throw .unavailable(error) }
    }

    /// A partial tile never changes either: a wider one has another name. Another log's tile would have another log's.
    private static func document(
        _ bytes: [UInt8]?,
        at path: String,
        of logID: LogID,
        isCompressible: Bool
    ) throws(LogReadError) -> LogDocument {
        guard let bytes else { throw .notFound }
        return LogDocument(
            bytes: bytes,
            contentType: "application/octet-stream",
            lifetime: .immutable,
            name: "\(SHA256Digest(hashing: logID.bytes).hex.prefix(16))/\(path)",
            isCompressible: isCompressible
        )
    }
}
