import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Transparency
import Witnessing

/// Answers the calls of C2SP tlog-witness: `POST /add-checkpoint` and `GET /<origin hash>/checkpoint`.
struct WitnessResponder: Sendable {
    let witness: Witness
    let logger: Logger
    private let bodies = RequestBody()

    /// Answers one request.
    func respond(to request: Request) async -> Response {
        let path = request.head.path?.prefix { $0 != "?" && $0 != "#" } ?? ""
        if path == "/add-checkpoint" {
            return request.method == .post ? await cosign(request) : Self.text(.methodNotAllowed, "POST only\n")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[2] == "checkpoint",
            let note = witness.checkpoint(originHash: parts[1])
        else { return Self.text(.notFound, "Not found\n") }
        guard request.method == .get || request.method == .head else {
            return Self.text(.methodNotAllowed, "GET only\n")
        }
        return APIResponder.response(.ok, "text/plain; charset=utf-8", note.encoded)
    }

    private func cosign(_ request: Request) async -> Response {
        let body: [UInt8]
        do throws(Refusal) {
            body = try await bodies.collect(request, bytesMax: AddCheckpointRequest.bytesMax)
        } catch {
            return Self.text(error.status, "\(error.message)\n")
        }
        do throws(WitnessRefusal) {
            let asked = try AddCheckpointRequest(encoded: body)
            let line = try witness.addCheckpoint(asked)
            return Self.text(.ok, line.line)
        } catch {
            note(error)
            if case .conflict(let size) = error {
                return APIResponder.response(.conflict, "text/x.tlog.size", Array("\(size)\n".utf8))
            }
            return Self.text(HTTPResponse.Status(code: error.status), "\(error)\n")
        }
    }

    /// A log that doesn't continue what was seen is what a witness is for: said loudly.
    private func note(_ refusal: WitnessRefusal) {
        switch refusal {
        case .inconsistent, .notStored, .signingFailed: logger.error("\(refusal)")
        // The usual first question of a log that has been started.
        case .conflict: logger.debug("\(refusal)")
        case .malformed, .notSigned, .originUnknown: logger.info("\(refusal)")
        }
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        APIResponder.response(status, "text/plain; charset=utf-8", Array(text.utf8))
    }
}
