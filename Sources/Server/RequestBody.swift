import HummingbirdCore
import NIOCore

/// Collects requests' bodies: each up to a limit, and all that are on their way up to one for them together. Copies share
/// that one.
struct RequestBody: Sendable {
    private let budget = ByteBudget()

    /// The whole body. Throws ``Refusal/bodyTooLarge`` as soon as it is known to be, ``Refusal/busy`` when too many large
    /// ones are on their way, and ``Refusal/requestMalformed`` when the client goes away first.
    func collect(_ request: Request, bytesMax: Int) async throws(Refusal) -> [UInt8] {
        if let text = request.headers[.contentLength], let length = Int(text), length > bytesMax { throw .bodyTooLarge }
        var bytes: [UInt8] = []
        defer { budget.giveBack(bytes.count) }
        do {
            for try await chunk in request.body {
                guard chunk.readableBytes <= bytesMax - bytes.count else { throw Refusal.bodyTooLarge }
                guard budget.take(chunk.readableBytes) else { throw Refusal.busy }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .requestMalformed
        }
        return bytes
    }
}
