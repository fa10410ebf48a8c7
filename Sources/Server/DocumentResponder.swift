import Authority
import HTTPTypes
import HummingbirdCore
import Keys
import Log
import NIOCore

/// Documents over HTTP: how long they may be kept, and requests for a part or for news only (RFC 9110, RFC 9111).
struct DocumentResponder: Sendable {
    let authority: Authority

    /// The answer with a document, or less of it where the request asks for less. Throws ``Refusal/preconditionFailed``.
    func response(_ document: LogDocument, to request: Request) async throws(Refusal) -> Response {
        let isCompressed = Self.isCompressed(document, request)
        let name = document.name ?? SHA256Digest(hashing: document.bytes).hex
        // Other bytes have another tag (RFC 9110 §8.8.3.3).
        var tag = isCompressed ? "\"\(name)-gzip\"" : "\"\(name)\""
        if let expected = request.headers[.ifMatch], !EntityTags(expected).match(tag, strongly: true) {
            throw .preconditionFailed
        }
        let range: ByteRange
        var response: Response
        if let known = request.headers[.ifNoneMatch], EntityTags(known).match(tag, strongly: false) {
            range = .whole
            response = Response(status: .notModified)
        } else {
            range = Self.range(request, of: document, tag: tag)
            response = Self.part(range, of: document)
            if isCompressed, !(await compress(document, &response)) { tag = "\"\(name)\"" }
        }
        if document.isCompressible { response.headers[.vary] = "Accept-Encoding" }
        if document.lifetime == .immutable { response.headers[.acceptRanges] = "bytes" }
        guard range != .outside else { return response }
        response.headers[.eTag] = tag
        response.headers[.cacheControl] =
            switch document.lifetime {
            case .immutable: "public, max-age=31536000, immutable"
            // Kept, but asked about each time: static-ct-api wants a checkpoint to be seconds old at most.
            case .changing: "no-cache"
            }
        return response
    }

    /// A part is of the bytes as they are.
    private static func isCompressed(_ document: LogDocument, _ request: Request) -> Bool {
        document.isCompressible && document.bytes.count >= Gzip.bytesMin && request.headers[.range] == nil
            && Gzip.isAccepted(request.headers[.acceptEncoding])
    }

    /// Replaces the body; false when it stays as it is, for that isn't shorter or the workers are busy with certificates.
    private func compress(_ document: LogDocument, _ response: inout Response) async -> Bool {
        let bytes = document.bytes
        guard let compressed = try? await authority.compute({ Gzip.compressed(bytes) }) else { return false }
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: compressed))
        response.headers[.contentEncoding] = "gzip"
        return true
    }

    /// Only what doesn't change may be had in parts: another request would get a part of another version.
    private static func range(_ request: Request, of document: LogDocument, tag: String) -> ByteRange {
        // RFC 9110 §14.2: only GET has ranges. §13.1.5: they are of the version that the client has a part of.
        guard document.lifetime == .immutable, request.method == .get, let text = request.headers[.range],
            request.headers[.ifRange].map({ $0 == tag }) ?? true
        else { return .whole }
        return ByteRange(text, count: document.bytes.count)
    }

    private static func part(_ range: ByteRange, of document: LogDocument) -> Response {
        let count = document.bytes.count
        var response: Response
        switch range {
        case .whole:
            response = APIResponder.response(.ok, document.contentType, document.bytes)
        case .part(let bounds):
            response = APIResponder.response(.partialContent, document.contentType, Array(document.bytes[bounds]))
            response.headers[.contentRange] = "bytes \(bounds.lowerBound)-\(bounds.upperBound - 1)/\(count)"
        case .outside:
            response = APIResponder.response(to: .rangeNotSatisfiable)
            response.headers[.contentRange] = "bytes */\(count)"
        }
        return response
    }
}
