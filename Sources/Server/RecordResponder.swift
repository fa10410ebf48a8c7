import Authority
import HTTPTypes
import HummingbirdCore
import Log
import Logging
import RecordLog

/// Serves the record log as Rekor v2 does: one call that writes, and C2SP tlog-tiles below `/api/v2/`.
struct RecordResponder: Sendable {
    private static let prefix = "/api/v2/"
    static let shards = "/shards/"

    private let log: RecordLog
    private let authority: Authority
    private let bodies: RequestBody
    private let documents: DocumentResponder
    private let metrics: ServerMetrics
    private let logger: Logger

    /// Serves this log of this authority.
    init(log: RecordLog, authority: Authority, bodies: RequestBody, metrics: ServerMetrics, logger: Logger) {
        self.log = log
        self.authority = authority
        self.bodies = bodies
        self.metrics = metrics
        self.logger = logger
        documents = DocumentResponder(authority: authority)
    }

    /// The document that a path of the server asks this log for, and its route's name; nil for other paths.
    static func document(at path: Substring) -> (path: Substring, route: String)? {
        guard path.hasPrefix(prefix) else { return nil }
        let document = path.dropFirst(prefix.count)
        if document == "checkpoint" { return (document, "/api/v2/checkpoint") }
        return document.hasPrefix("tile/") ? (document, "/api/v2/tile/") : nil
    }

    /// The same of a shard that takes no entries any more, below `/shards/<number>/`, and the number.
    static func shardDocument(at path: Substring) -> (number: Int, path: Substring)? {
        guard path.hasPrefix(shards) else { return nil }
        let rest = path.dropFirst(shards.count)
        let digits = rest.prefix { $0 != "/" }
        guard let number = Int(digits), let document = document(at: rest.dropFirst(digits.count)) else { return nil }
        return (number, document.path)
    }

    /// Answers with a document. Throws what the client is told instead.
    func respond(to request: Request, documentAt path: Substring) async throws(Refusal) -> Response {
        guard request.method == .get || request.method == .head else { throw .wrongMethod }
        let document: LogDocument
        do throws(LogReadError) { document = try await log.document(at: path) } catch { throw Refusal(error) }
        return try await documents.response(document, to: request)
    }

    /// Logs an entry: 201 and nothing else, for some clients take no other status for success.
    func add(_ request: Request) async throws(Refusal) -> Response {
        let start = ContinuousClock.now
        let body = try await bodies.collect(request, bytesMax: HashedRekord.requestBytesMax)
        let answer: [UInt8]?
        do throws(AuthorityError) { answer = try await authority.logEntry(request: body) } catch {
            return response(to: error)
        }
        guard let answer else { throw .notFound }
        metrics.logged(seconds: (ContinuousClock.now - start) / .seconds(1))
        return APIResponder.response(.created, "application/json", answer)
    }

    private func response(to error: AuthorityError) -> Response {
        let refusal = Refusal(error)
        metrics.refusedEntry(reason: refusal.reason.label)
        refusal.log(error, to: logger, ours: "couldn't log", theirs: (.debug, "entry refused"))
        var response = APIResponder.response(to: refusal)
        if case .record(.duplicate(let index)) = error, let name = HTTPField.Name("X-Log-Index") {
            response.headers[name] = "\(index)"
        }
        return response
    }
}
