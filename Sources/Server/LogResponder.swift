import CertificateLog
import HTTPTypes
import HummingbirdCore
import NIOCore
import Wire
import Witnessing

/// Serves the embedded log: C2SP static-ct-api and RFC 6962 below one prefix.
struct LogResponder: Sendable {
    /// `/api/v2/checkpoint` and `/api/v2/tile` stay free for the record log.
    static let prefix = "/ct/"

    private static let versionOne = "v1/"

    private let log: EmbeddedCertificateLog
    private let cosigning: Cosigning?

    /// Serves this log, with what its witnesses have signed.
    init(log: EmbeddedCertificateLog, cosigning: Cosigning?) {
        self.log = log
        self.cosigning = cosigning
    }

    /// Answers for a path without the prefix. Throws what the client is told instead.
    func respond(to request: Request, path: Substring) async throws(Refusal) -> Response {
        guard request.method == .get || request.method == .head else { throw .wrongMethod }
        do throws(LogReadError) {
            if path.hasPrefix(Self.versionOne) {
                let parameters = try Self.parameters(of: request)
                return Self.response(try await log.call(path.dropFirst(Self.versionOne.count), parameters))
            }
            if path == "witnessed-checkpoint" {
                guard let witnessed = cosigning?.published else { throw .notFound }
                return Self.response(Self.checkpoint(witnessed.encoded))
            }
            let document = try await log.document(at: path)
            guard let cosigning, path == "checkpoint" else { return Self.response(document) }
            return Self.response(Self.checkpoint(cosigning.served(document.bytes)))
        } catch {
            throw Refusal(error)
        }
    }

    private static func checkpoint(_ bytes: [UInt8]) -> LogDocument {
        LogDocument(bytes: bytes, contentType: "text/plain; charset=utf-8", lifetime: .changing)
    }

    private static func parameters(of request: Request) throws(LogReadError) -> [String: String] {
        var parameters: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            guard parameters.updateValue(String(value), forKey: String(name)) == nil else {
                throw .badParameter("query", rule: "must name each parameter once")
            }
        }
        return parameters
    }

    private static func response(_ document: LogDocument) -> Response {
        var response = APIResponder.response(.ok, document.contentType, document.bytes)
        response.headers[.cacheControl] =
            switch document.lifetime {
            case .immutable: "public, max-age=604800, immutable"
            case .changing: "no-cache"
            }
        return response
    }
}

extension Refusal {
    /// What an error of the log's read side means to the reader.
    init(_ error: LogReadError) {
        switch error {
        case .badParameter(let name, let rule):
            self.init(status: .badRequest, code: 3, message: "\(name) \(rule)", reason: .parameterInvalid)
        case .notFound: self = .notFound
        case .unavailable:
            self.init(
                status: .serviceUnavailable,
                code: 14,
                message: "The log can't be read now",
                reason: .logBusy,
                retryAfterSeconds: 1
            )
        case .damaged:
            self.init(
                status: .internalServerError,
                code: 13,
                message: "The log holds something that can't be read",
                reason: .logFailed
            )
        }
    }
}
