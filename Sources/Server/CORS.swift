import HTTPTypes
import HummingbirdCore

/// What browsers on other pages may do (API-75): call the API with the token in the body, from anywhere.
enum CORS {
    private static let methods: Set<String> = ["GET", "POST", "HEAD"]
    private static let headers: Set<String> = ["accept", "content-type", "x-requested-with", "origin"]

    /// The answer to a preflight, at every path; nil when the request is none.
    static func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers[.origin] != nil,
            let method = request.headers[.accessControlRequestMethod]
        else { return nil }
        var fields: HTTPFields = [.vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"]
        let wanted = request.headers[.accessControlRequestHeaders]
        let names = (wanted ?? "").split(separator: ",").map { $0.trimmingCharacters(of: " ").lowercased() }
        if methods.contains(method), names.allSatisfy(headers.contains) {
            fields[.accessControlAllowOrigin] = "*"
            fields[.accessControlAllowMethods] = method
            if !names.isEmpty { fields[.accessControlAllowHeaders] = names.joined(separator: ", ") }
        }
        return Response(status: .noContent, headers: fields)
    }

    /// Lets a page of any origin read the answer.
    static func allow(_ request: Request, _ response: inout Response) {
        guard request.headers[.origin] != nil else { return }
        response.headers[.accessControlAllowOrigin] = "*"
    }
}

extension Substring {
    /// The text without this character at both ends.
    fileprivate func trimmingCharacters(of character: Character) -> Substring {
        var text = self
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return text
    }
}
