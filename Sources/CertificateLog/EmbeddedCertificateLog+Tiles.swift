import Keys
import Log
import Transparency

/// The read side of C2SP static-ct-api: paths below the log's prefix, without the slash in front.
extension EmbeddedCertificateLog {
    /// `checkpoint`, `tile/<L>/<N>[.p/<W>]`, `tile/data/<N>[.p/<W>]` or `issuer/<SHA-256>`. Throws `.notFound` for
    /// every other path.
    public func document(at path: some StringProtocol) async throws(LogReadError) -> LogDocument {
        if path == "checkpoint" { return try await checkpoint() }
        if path.hasPrefix("tile/") { return try await tile(String(path.dropFirst("tile/".count))) }
        if path.hasPrefix("issuer/") { return try issuer(String(path.dropFirst("issuer/".count))) }
        throw .notFound
    }

    private func checkpoint() async throws(LogReadError) -> LogDocument {
        let head = try await reading { reader throws(LogError) in try await reader.head() }
        return LogDocument(
            bytes: head.checkpoint,
            contentType: "text/plain; charset=utf-8",
            lifetime: .changing
        )
    }

    private func tile(_ path: String) async throws(LogReadError) -> LogDocument {
        if let id = try? TileID(dataPath: path) {
            let bytes = try await reading { reader throws(LogError) in try await reader.dataTile(id) }
            // A precertificate is in a leaf almost twice, and its issuer in all of them.
            return try tile(path, bytes, isCompressible: true)
        }
        guard let id = try? TileID(path: path) else { throw .notFound }
        return try tile(path, try await reading { reader throws(LogError) in try await reader.tile(id)?.bytes })
    }

    /// A partial tile never changes either: a wider one has another name. Another log's tile would have another log's.
    private func tile(
        _ path: String,
        _ bytes: [UInt8]?,
        isCompressible: Bool = false
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

    /// The DER of a CA certificate by its fingerprint.
    private func issuer(_ name: String) throws(LogReadError) -> LogDocument {
        guard let certificate = issuers.first(where: { $0.key.hex == name })?.value else { throw .notFound }
        return LogDocument(
            bytes: certificate.der,
            contentType: "application/pkix-cert",
            lifetime: .immutable,
            name: name
        )
    }

    func reading<Value: Sendable>(
        _ body: (LogReader) async throws(LogError) -> Value
    ) async throws(LogReadError) -> Value {
        do { return try await body(sequencer.reader) } catch { throw .unavailable(error) }
    }
}
