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

    /// `/readyz`: 200 when the next request can be served, else 503 and each reason.
    static func response(to problems: [ReadinessProblem]) -> Response {
        let reasons = problems.map { problem in
            JSONText.object([("part", .string(problem.part)), ("problem", .string(problem.problem))])
        }
        let body = JSONText.object([
            ("status", .string(problems.isEmpty ? "ready" : "not ready")), ("problems", .array(reasons)),
        ])
        return response(problems.isEmpty ? .ok : .serviceUnavailable, "application/json", body.encoded())
    }
}
