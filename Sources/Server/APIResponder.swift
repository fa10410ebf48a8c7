import Authority
import HTTPTypes
import HummingbirdCore
import Identity
import Issuance
import Logging
import Records

/// Answers every request: one look at the path, no middleware.
struct APIResponder: Sendable {
    private let authority: Authority
    private let documents: AuthorityDocuments
    private let answer: SigningAnswer
    private let logRoutes: LogResponder?
    private let formerLogs: [Int: LogResponder]
    private let trustRoutes: TrustResponder
    private let records: RecordResponder?
    private let formerRecords: [Int: RecordResponder]
    private let rekor: RekorResponder?
    private let timestamps: TimestampResponder?
    private let metrics = ServerMetrics()
    private let bodies: RequestBody
    private let date = HTTPDate()
    private let logger: Logger

    /// Answers for this authority.
    init(authority: Authority, logger: Logger) {
        self.authority = authority
        self.logger = logger
        documents = AuthorityDocuments(authority: authority)
        answer = SigningAnswer(chain: authority.chain)
        let bodies = RequestBody()
        self.bodies = bodies
        trustRoutes = TrustResponder(authority: authority)
        logRoutes = authority.embeddedLog.map { LogResponder(log: $0, authority: authority, bodies: bodies) }
        formerLogs = authority.formerLogs.logs.mapValues {
            LogResponder(log: $0, authority: authority, bodies: bodies, isFormer: true)
        }
        records = authority.recordLog.map { [metrics] in
            RecordResponder(log: $0, authority: authority, bodies: bodies, metrics: metrics, logger: logger)
        }
        formerRecords = authority.formerRecordLogs.mapValues { [metrics] in
            RecordResponder(log: $0, authority: authority, bodies: bodies, metrics: metrics, logger: logger)
        }
        rekor = authority.recordLog.map { [metrics] _ in
            RekorResponder(authority: authority, bodies: bodies, metrics: metrics, logger: logger)
        }
        timestamps = TimestampResponder(authority: authority, bodies: bodies, metrics: metrics, logger: logger)
    }

    /// Answers one request.
    func respond(to request: Request) async -> Response {
        var response: Response
        if let preflight = CORS.preflight(request) {
            response = preflight
        } else {
            response = await answer(request)
        }
        response.headers[.date] = date.text
        // All but the body, its length included (RFC 9110 §9.3.2): a body would be taken for the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async -> Response {
        let path = (request.head.path?.prefix { $0 != "?" && $0 != "#" } ?? "").withSingleSlashes
        var response: Response
        var routeName = "other"
        do throws(Refusal) {
            if let route = Route(path: path) {
                routeName = route.rawValue
                response = try await respond(to: request, route: route)
            } else if let logRoutes, path.hasPrefix(LogResponder.prefix) {
                routeName = LogResponder.prefix
                let inner = path.dropFirst(LogResponder.prefix.count)
                if let (former, inner) = former(inner) {
                    response = try await former.respond(to: request, path: inner)
                } else {
                    response = try await logRoutes.respond(to: request, path: inner)
                }
            } else if let (document, prefix) = trustRoutes.document(at: path) {
                routeName = prefix
                response = try trustRoutes.respond(to: request, document)
            } else if let records, let document = RecordResponder.document(at: path) {
                routeName = document.route
                response = try await records.respond(to: request, documentAt: document.path)
            } else if let shard = RecordResponder.shardDocument(at: path), let log = formerRecords[shard.number] {
                routeName = RecordResponder.shards
                response = try await log.respond(to: request, documentAt: shard.path)
            } else if let answer = await rekor?.respond(to: request, path: path) {
                routeName = answer.route
                response = answer.response
            } else {
                throw .notFound
            }
        } catch {
            response = Self.response(to: error)
        }
        CORS.allow(request, &response)
        metrics.answered(route: routeName, status: response.status.code)
        return response
    }

    /// `1/checkpoint`: a shard that takes no entries any more, and the path in it.
    private func former(_ path: Substring) -> (LogResponder, Substring)? {
        let digits = path.prefix { $0 != "/" }
        guard let number = Int(digits), let log = formerLogs[number] else { return nil }
        return (log, path.dropFirst(digits.count + 1))
    }

    private func respond(to request: Request, route: Route) async throws(Refusal) -> Response {
        let isRead = request.method == .get || request.method == .head
        guard route.takesBody ? request.method == .post : isRead else { throw .wrongMethod }
        switch route {
        case .signingCertificateV2:
            return try await sign(request) { body, headers throws(Refusal) in
                try SigningBody.version2(body, headers: headers)
            } answer: {
                Self.response(.ok, "application/json", answer.version2($0))
            }
        case .signingCertificateV1:
            return try await sign(request) { body, headers throws(Refusal) in
                try SigningBody.version1(body, headers: headers)
            } answer: {
                Self.response(.created, "application/pem-certificate-chain", answer.version1($0))
            }
        case .trustBundle: return Self.response(.ok, "application/json", documents.trustBundle)
        case .configuration:
            return Self.response(.ok, "application/json", AuthorityDocuments.configuration(authority.issuerRows))
        case .rootCertificate:
            return Self.response(.ok, "application/pem-certificate-chain", documents.rootCertificate)
        case .recordEntriesV2:
            guard let records else { throw .notFound }
            return try await records.add(request)
        case .timestamp, .timestampChain:
            guard let timestamps else { throw .notFound }
            return route == .timestamp ? try await timestamps.respond(to: request) : timestamps.certificates()
        case .health: return Self.response(.ok, "application/json", documents.health)
        case .readiness: return Self.response(to: await authority.readiness())
        case .metrics:
            let gauges = await authority.gauges()
            return Self.response(
                .ok,
                "text/plain; version=0.0.4; charset=utf-8",
                Array(metrics.text(gauges: gauges).utf8)
            )
        }
    }

    /// Issues a certificate, or says why not; counts and logs either. The answer names the request.
    private func sign(
        _ request: Request,
        decode: ([UInt8], HTTPFields) throws(Refusal) -> SigningRequest,
        answer: (IssuedCertificate) -> Response
    ) async throws(Refusal) -> Response {
        let start = ContinuousClock.now
        let id = RequestID.random()
        var response: Response
        do throws(Refusal) {
            let issued = try await issue(request, id, decode: decode)
            metrics.issued(issued, seconds: (ContinuousClock.now - start) / .seconds(1))
            response = answer(issued.certificate)
            if let receipt = issued.receipt { response.add(receipt) }
        } catch {
            metrics.refused(reason: error.reason.label)
            response = Self.response(to: error)
        }
        if let name = HTTPField.Name.requestID { response.headers[name] = id.text }
        return response
    }

    private func issue(
        _ request: Request,
        _ id: RequestID,
        decode: ([UInt8], HTTPFields) throws(Refusal) -> SigningRequest
    ) async throws(Refusal) -> Issued {
        let signingRequest: SigningRequest
        do throws(Refusal) {
            let body = try await bodies.collect(request, bytesMax: authority.limits.bodyBytesMax)
            signingRequest = try decode(body, request.headers)
        } catch {
            await authority.record(unreadable: id, reason: error.reason)
            throw error
        }
        do throws(AuthorityError) {
            return try await authority.issue(signingRequest, id: id)
        } catch {
            throw refusal(of: error, id)
        }
    }

    private func refusal(of error: AuthorityError, _ id: RequestID) -> Refusal {
        let refusal = Refusal(error)
        refusal.log(
            error,
            to: logger,
            ours: "couldn't issue",
            theirs: (.info, "refused"),
            metadata: ["request": "\(id)"]
        )
        return refusal
    }
}

extension HTTPField.Name {
    /// `X-Request-Id`: names the request in the answer, the log and the issuance record.
    static let requestID = HTTPField.Name("X-Request-Id")
}
