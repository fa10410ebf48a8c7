import Keys
import Transparency

/// Where a log's documents come from (C2SP static-ct-api, "Monitoring APIs"). What it gives is believed by nobody: the
/// checks are the follower's.
public protocol LogSource: Sendable {
    /// The document at a path below the log's prefix, such as `checkpoint` or `tile/0/000`; nil when there is none.
    /// Throws `.fault(.tooLarge)`, `.unreachable`, `.status` and `.file`.
    func read(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]?
}

extension LogSource {
    /// The latest signed checkpoint. Throws `.noLog`.
    func checkpoint() async throws(MonitoringError) -> [UInt8] {
        guard let bytes = try await read("checkpoint", bytesMax: LogLimits.checkpointBytesMax) else { throw .noLog }
        return bytes
    }

    /// A hash tile, cut to its width.
    func hashTile(_ id: TileID) async throws(MonitoringError) -> Tile {
        let bytes = try await tile("tile/\(id.path)", full: Self.full(id).map { "tile/\($0.path)" }, bytesMax: 8192)
        guard bytes.count % MerkleHash.byteCount == 0, let tile = try? Tile(id: id, bytes: bytes) else {
            throw .fault(.malformed(path: "tile/\(id.path)"))
        }
        return tile
    }

    /// The leaves of a data tile, as many as its width says.
    func leaves(_ id: TileID) async throws(MonitoringError) -> [TileLeaf] {
        let path = "tile/\(id.dataPath)"
        let bytes = try await tile(
            path,
            full: Self.full(id).map { "tile/\($0.dataPath)" },
            bytesMax: LogLimits.dataTileBytesMax
        )
        guard let leaves = try? TileLeaf.leaves(inDataTile: bytes), leaves.count >= id.width else {
            throw .fault(.malformed(path: path))
        }
        return Array(leaves.prefix(id.width))
    }

    /// The DER of a CA certificate.
    func issuer(_ fingerprint: SHA256Digest) async throws(MonitoringError) -> [UInt8]? {
        try await read("issuer/\(fingerprint.hex)", bytesMax: LogLimits.issuerBytesMax)
    }

    /// A partial tile may be gone once the full one is there (C2SP tlog-tiles, "Partial Tiles").
    private func tile(_ path: String, full: String?, bytesMax: Int) async throws(MonitoringError) -> [UInt8] {
        if let bytes = try await read(path, bytesMax: bytesMax) { return bytes }
        if let full, let bytes = try await read(full, bytesMax: bytesMax) { return bytes }
        throw .fault(.missing(path: path))
    }

    private static func full(_ id: TileID) -> TileID? {
        id.isFull ? nil : try? TileID(level: id.level, index: id.index)
    }
}
