import Authority
import HTTPTypes
import HummingbirdCore
import Keys

/// Serves what clients trust: the files of now below `/trust/`, and the TUF repository that brings them to clients that
/// have an older root below `/tuf/`.
struct TrustResponder: Sendable {
    /// A file.
    struct Document {
        let bytes: [UInt8]?
        let contentType: String
        /// Whether the name stands for these bytes for ever.
        let isImmutable: Bool
    }

    private static let trust = "/trust/"
    private static let repository = "/tuf/"

    let authority: Authority

    /// What is at a path, and the prefix that it is below; nil for paths below neither.
    func document(at path: Substring) -> (document: Document, prefix: String)? {
        if path.hasPrefix(Self.trust) {
            let name = path.dropFirst(Self.trust.count)
            return (Document(bytes: file(name), contentType: Self.contentType(name), isImmutable: false), Self.trust)
        }
        guard path.hasPrefix(Self.repository) else { return nil }
        let name = String(path.dropFirst(Self.repository.count))
        let bytes = authority.trust?.repository?.files[name]
        let isImmutable = name != "root.json" && name != "timestamp.json"
        let contentType = name.hasPrefix("targets/") ? "application/octet-stream" : "application/json"
        return (Document(bytes: bytes, contentType: contentType, isImmutable: isImmutable), Self.repository)
    }

    private func file(_ name: Substring) -> [UInt8]? {
        let documents = authority.trustDocuments
        switch name {
        case "trusted_root.json": return documents.trustedRoot
        case "signing_config.json", "signing_config.v0.2.json": return documents.signingConfig
        case "trust_config.json": return documents.trustConfig
        default: return documents.legacy.first { $0.name == name }?.bytes
        }
    }

    private static func contentType(_ name: Substring) -> String {
        name.hasSuffix(".json") ? "application/json" : "application/x-pem-file"
    }

    /// The answer with a document. A next root that isn't there yet must be 404 and nothing else: clients ask for it each
    /// time, and nobody on the way may remember that it wasn't there.
    func respond(to request: Request, _ document: Document) throws(Refusal) -> Response {
        guard request.method == .get || request.method == .head else { throw .wrongMethod }
        guard let bytes = document.bytes else {
            var response = APIResponder.response(to: .notFound)
            response.headers[.cacheControl] = "no-store"
            return response
        }
        let tag = "\"\(SHA256Digest(hashing: bytes).hex)\""
        var response: Response
        if let known = request.headers[.ifNoneMatch], EntityTags(known).match(tag, strongly: false) {
            response = Response(status: .notModified)
        } else {
            response = APIResponder.response(.ok, document.contentType, bytes)
        }
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = document.isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
        return response
    }
}
