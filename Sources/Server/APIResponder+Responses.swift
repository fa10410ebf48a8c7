import Authority
import HTTPTypes
import HummingbirdCore
import NIOCore
import Wire

extension APIResponder {
    /// An answer with a body.
    static func response(_ status: HTTPResponse.Status, _ contentType: String, _ body: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    /// A refusal as an answer (API-61).
    static func response(to refusal: Refusal) -> Response {
        var response = response(refusal.status, "application/json", refusal.body)
        if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }

    /// `/readyz`: 200 when the next request can be served, else 503; each problem, and what an operator should look at.
    static func response(to readiness: Readiness) -> Response {
        let isReady = readiness.problems.isEmpty
        let body = JSONText.object([
            ("status", .string(isReady ? "ready" : "not ready")),
            ("problems", .array(readiness.problems.map(text))), ("warnings", .array(readiness.warnings.map(text))),
        ])
        return response(isReady ? .ok : .serviceUnavailable, "application/json", body.encoded())
    }

    private static func text(_ problem: ReadinessProblem) -> JSONText {
        .object([("part", .string(problem.part)), ("problem", .string(problem.problem))])
    }
}
