import Authority
import HTTPTypes
import HummingbirdCore
import Logging
import Timestamping

/// Answers the paths of Sigstore's timestamp authority (`openapi.yaml` there).
struct TimestampResponder: Sendable {
    private let authority: Authority
    private let bodies: RequestBody
    private let metrics: ServerMetrics
    private let logger: Logger
    private let chain: [UInt8]

    /// Answers for this authority; nil when it signs no timestamps.
    init?(authority: Authority, bodies: RequestBody, metrics: ServerMetrics, logger: Logger) {
        guard let timestamping = authority.timestamping else { return nil }
        self.authority = authority
        self.bodies = bodies
        self.metrics = metrics
        self.logger = logger
        chain = Array(timestamping.chain.pem.utf8)
    }

    /// `GET /api/v1/timestamp/certchain`: the authority's certificate first, the root last.
    func certificates() -> Response {
        APIResponder.response(.ok, "application/pem-certificate-chain", chain)
    }

    /// `POST /api/v1/timestamp`: 200 and a TimeStampResp (RFC 3161 §3.4).
    ///
    /// A request in DER that can be read and gets no timestamp is told so in a TimeStampResp, as RFC 3161 wants it; one in
    /// JSON by status 400, as its clients know it; and what is our fault by status 500 or 503, since Sigstore's clients
    /// don't all look into the answer.
    func respond(to request: Request) async throws(Refusal) -> Response {
        let isJSON = try Self.isJSON(request)
        do throws(Refusal) {
            let bytesMax = isJSON ? TimestampRequest.jsonBytesMax : TimestampRequest.bytesMax
            let body = try await bodies.collect(request, bytesMax: bytesMax)
            let answer = try await answer(isJSON ? .json(body) : .der(body))
            return APIResponder.response(.ok, "application/timestamp-reply", answer)
        } catch {
            if error.reason != .timestampRefused { metrics.timestamped(result: error.reason.label) }
            throw error
        }
    }

    private func answer(_ query: TimestampQuery) async throws(Refusal) -> [UInt8] {
        do throws(AuthorityError) {
            guard let answer = try await authority.timestamp(query) else { throw AuthorityError.busy }
            metrics.timestamped(result: "granted")
            return answer
        } catch {
            if case .timestamping(.refused(let failure)) = error {
                metrics.timestamped(result: failure.name)
                if case .der = query { return failure.response }
            }
            throw refusal(of: error)
        }
    }

    private func refusal(of error: AuthorityError) -> Refusal {
        let refusal = Refusal(error)
        refusal.log(error, to: logger, ours: "couldn't timestamp", theirs: (.debug, "no timestamp"))
        return refusal
    }

    private static func isJSON(_ request: Request) throws(Refusal) -> Bool {
        let type = request.headers[.contentType]?.prefix { $0 != ";" } ?? ""
        switch type.lowercased().trimmingPrefix(" ") {
        case "application/timestamp-query": return false
        case "application/json": return true
        default: throw .mediaTypeUnsupported
        }
    }
}
