import HummingbirdCore
import NIOCore

/// Collects a request's body up to a limit.
enum RequestBody {
    /// The whole body. Throws ``Refusal/bodyTooLarge`` as soon as it is known to be, and ``Refusal/requestMalformed``
    /// when the client goes away first.
    static func collect(_ request: Request, bytesMax: Int) async throws(Refusal) -> [UInt8] {
        if let text = request.headers[.contentLength], let length = Int(text), length > bytesMax { throw .bodyTooLarge }
        do {
            let buffer = try await request.body.collect(upTo: bytesMax)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw .bodyTooLarge
        } catch {
            throw .requestMalformed
        }
    }
}
