import Authority
import HTTPTypes
import HummingbirdCore
import Log
import Logging
import RecordLog
import Transparency
import Wire

/// Serves the record log as Rekor v1 does, for the clients that know no other: gitsign, rekor-cli, npm, cosign 2.
struct RekorResponder: Sendable {
    static let prefixes = ["/api/v1/log", "/api/v1/index/"]

    /// The most bytes of a question.
    private static let questionBytesMax = 1 << 20

    private let authority: Authority
    private let bodies: RequestBody
    private let metrics: ServerMetrics
    private let logger: Logger

    /// Serves the record log of this authority.
    init(authority: Authority, bodies: RequestBody, metrics: ServerMetrics, logger: Logger) {
        self.authority = authority
        self.bodies = bodies
        self.metrics = metrics
        self.logger = logger
    }

    /// Answers a request, refusals included: `code` in their bodies is the HTTP status here. Nil when the path is no call's.
    func respond(to request: Request, path: Substring) async -> (response: Response, route: String)? {
        guard Self.prefixes.contains(where: { path.hasPrefix($0) }) else { return nil }
        var route = "/api/v1/log/entries/"
        do throws(Refusal) {
            guard let call = try RekorCall(path: path) else { return nil }
            route = call.route
            return (try await respond(to: request, call), route)
        } catch {
            return (APIResponder.response(to: error.withStatusAsCode), route)
        }
    }

    private func respond(to request: Request, _ call: RekorCall) async throws(Refusal) -> Response {
        let isRead = request.method == .get || request.method == .head
        switch call {
        case .entries where request.method == .post: return try await add(request)
        case .retrieveEntries, .retrieveIndex: guard request.method == .post else { throw .wrongMethod }
        case .entries, .entry, .tree, .publicKey, .proof: guard isRead else { throw .wrongMethod }
        }
        let body = isRead ? [] : try await bodies.collect(request, bytesMax: Self.questionBytesMax)
        let parameters: LogParameters
        do throws(LogReadError) { parameters = LogParameters(try LogResponder.parameters(of: request)) } catch {
            throw Refusal(error)
        }
        if call == .publicKey {
            let pem = try await ask { log, _ throws(LogReadError) in try log.publicKeyPEM(parameters) }
            return APIResponder.response(.ok, "application/x-pem-file", Array(pem.utf8))
        }
        let answer = try await ask { log, former throws(LogReadError) in
            try await Self.answer(call, parameters, body, from: log, former).encoded()
        }
        return APIResponder.response(.ok, "application/json", answer)
    }

    private static func answer(
        _ call: RekorCall,
        _ parameters: LogParameters,
        _ body: [UInt8],
        from log: RecordLog,
        _ former: [RecordLog]
    ) async throws(LogReadError) -> JSONText {
        switch call {
        case .entries: return try await log.answer(at: LeafIndex(try parameters.number("logIndex"))).json
        case .entry(let id):
            for log in [log] + former {
                do throws(LogReadError) { return try await log.answer(of: id).json } catch .notFound { continue } catch
                {
                    throw error
                }
            }
            throw .notFound
        case .retrieveEntries:
            let query = try EntryQuery(body)
            var answers = try await log.answers(to: query)
            // Each shard counts from zero: an index is the newest one's.
            for log in former { answers += try await log.answers(to: query.byName) }
            return .array(answers.map(\.json))
        case .retrieveIndex:
            let query = try IndexQuery(body)
            var ids: [EntryID] = []
            for log in [log] + former { ids += try await log.entryIDs(matching: query) }
            return .array(ids.map { .string($0.description) })
        case .tree: return try await log.treeInfo()
        case .proof: return try await log.consistency(parameters)
        case .publicKey: return .string(try log.publicKeyPEM(parameters))
        }
    }

    private func ask<Answer: Sendable>(
        _ question: (_ log: RecordLog, _ former: [RecordLog]) async throws(LogReadError) -> Answer
    ) async throws(Refusal) -> Answer {
        let answer: Result<Answer, LogReadError>?
        do { answer = try await authority.ask(question) } catch { throw Refusal(error) }
        switch answer {
        case .success(let answer): return answer
        case .failure(let error): throw Refusal(error)
        case nil: throw .notFound
        }
    }

    /// Logs an entry: 201 with its name in `ETag`, as Rekor writes it, for Go's client looks the entry up by that.
    private func add(_ request: Request) async throws(Refusal) -> Response {
        let start = ContinuousClock.now
        let body = try await bodies.collect(request, bytesMax: authority.limits.bodyBytesMax)
        let proposal: Authority.Proposal?
        do throws(AuthorityError) { proposal = try await authority.propose(body) } catch {
            let refusal = Refusal(error)
            note(refusal, error)
            throw refusal
        }
        let id: EntryID
        var response: Response
        switch proposal {
        case nil: throw .notFound
        case .logged(let answer):
            metrics.logged(seconds: (ContinuousClock.now - start) / .seconds(1))
            id = answer.id
            response = APIResponder.response(.created, "application/json", answer.json.encoded())
            response.headers[.eTag] = id.description
        case .exists(let existing):
            let refusal = Refusal.entryExists(existing)
            metrics.refusedEntry(reason: refusal.reason.label)
            id = existing
            response = APIResponder.response(to: refusal.withStatusAsCode)
        }
        response.headers[.location] = "\(RekorCall.entries.route)/\(id)"
        return response
    }

    private func note(_ refusal: Refusal, _ error: AuthorityError) {
        metrics.refusedEntry(reason: refusal.reason.label)
        refusal.log(error, to: logger, ours: "couldn't log", theirs: (.debug, "entry refused"))
    }
}
