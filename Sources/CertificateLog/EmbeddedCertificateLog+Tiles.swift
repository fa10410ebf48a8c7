import Keys
public import Log
import Transparency

/// The read side of C2SP static-ct-api: paths below the log's prefix, without the slash in front.
extension EmbeddedCertificateLog {
    /// `checkpoint`, `tile/<L>/<N>[.p/<W>]`, `tile/data/<N>[.p/<W>]` or `issuer/<SHA-256>`. Throws `.notFound` for
    /// every other path.
    public func document(at path: some StringProtocol) async throws(LogReadError) -> LogDocument {
        if path == "checkpoint" { return try await reader.checkpointDocument() }
        if path.hasPrefix("tile/") { return try await tile(String(path.dropFirst("tile/".count))) }
        if path.hasPrefix("issuer/") { return try issuer(String(path.dropFirst("issuer/".count))) }
        throw .notFound
    }

    private func tile(_ path: String) async throws(LogReadError) -> LogDocument {
        guard let id = try? TileID(dataPath: path) else { return try await reader.tileDocument(at: path, of: logID) }
        return try await reader.dataTileDocument(id, at: path, of: logID)
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
        try await reader.serving(body)
    }
}
