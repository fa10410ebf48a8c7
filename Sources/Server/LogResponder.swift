import Authority
import CertificateLog
import HTTPTypes
import HummingbirdCore
import Log
import NIOCore
import Transparency

/// Serves the embedded log: C2SP static-ct-api and RFC 6962 below one prefix.
struct LogResponder: Sendable {
    /// `/api/v2/checkpoint` and `/api/v2/tile` are the record log's.
    static let prefix = "/ct/"

    fileprivate static let versionOne = "v1/"

    /// The most bytes of a submission: eight certificates of 24 KiB in base64.
    static let submissionBytesMax = 1 << 18

    private let log: EmbeddedCertificateLog
    private let bodies: RequestBody
    private let documents: DocumentResponder
    private let authority: Authority

    private let isFormer: Bool

    /// Serves this log of this authority, with what its witnesses have signed; a former one is only read.
    init(log: EmbeddedCertificateLog, authority: Authority, bodies: RequestBody, isFormer: Bool = false) {
        self.isFormer = isFormer
        self.log = log
        self.bodies = bodies
        self.authority = authority
        documents = DocumentResponder(authority: authority)
    }

    /// Answers for a path without the prefix. Throws what the client is told instead.
    func respond(to request: Request, path: Substring) async throws(Refusal) -> Response {
        if let call = SubmissionCall(path: path) {
            guard !isFormer else { throw .notFound }
            return try await add(request, call)
        }
        guard request.method == .get || request.method == .head else { throw .wrongMethod }
        let document: LogDocument
        do throws(LogReadError) {
            if path.hasPrefix(Self.versionOne) {
                let parameters = try Self.parameters(of: request)
                document = try await log.call(path.dropFirst(Self.versionOne.count), parameters)
            } else if isFormer {
                document = try await log.document(at: path)
            } else if path == "witnessed-checkpoint" {
                guard let witnessed = authority.cosigning?.published else { throw .notFound }
                document = Self.checkpoint(witnessed.encoded)
            } else if let cosigning = authority.cosigning, path == "checkpoint" {
                document = Self.checkpoint(cosigning.served(try await log.document(at: path).bytes))
            } else {
                document = try await log.document(at: path)
            }
        } catch {
            throw Refusal(error)
        }
        return try await documents.response(document, to: request)
    }

    private func add(_ request: Request, _ call: SubmissionCall) async throws(Refusal) -> Response {
        guard request.method == .post else { throw .wrongMethod }
        let body = try await bodies.collect(request, bytesMax: Self.submissionBytesMax)
        let timestamp: SignedCertificateTimestamp?
        do { timestamp = try await authority.submit(call, body: body) } catch { throw Refusal(error) }
        guard let timestamp else { throw .notFound }
        return APIResponder.response(.ok, "application/json", timestamp.json)
    }

    private static func checkpoint(_ bytes: [UInt8]) -> LogDocument {
        LogDocument(bytes: bytes, contentType: "text/plain; charset=utf-8", lifetime: .changing)
    }

    static func parameters(of request: Request) throws(LogReadError) -> [String: String] {
        var parameters: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            guard parameters.updateValue(String(value), forKey: String(name)) == nil else {
                throw .badParameter("query", rule: "must name each parameter once")
            }
        }
        return parameters
    }
}

extension SubmissionCall {
    /// The call at a path below the log's prefix; nil for every other path.
    fileprivate init?(path: Substring) {
        guard path.hasPrefix(LogResponder.versionOne) else { return nil }
        self.init(rawValue: String(path.dropFirst(LogResponder.versionOne.count)))
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
