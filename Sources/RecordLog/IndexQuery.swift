public import Log
import Wire

/// What is looked for by `POST /api/v1/index/retrieve` of Rekor v1.
public struct IndexQuery: Sendable, Equatable {
    let keys: Set<SearchKey>
    /// Whether an entry must have all of the keys; one is enough otherwise.
    let needsAll: Bool

    /// Reads a question. Throws `.badParameter`.
    ///
    /// ```
    /// {"hash": "[algorithm:]hex", "publicKey": {"format": "x509", "content": base64 of PEM}, "email": text,
    ///  "subject": any name in a certificate, "operator": "or" | "and"}                       each may be missing
    /// ```
    public init(_ body: [UInt8]) throws(LogReadError) {
        guard let json = try? JSON.parse(body), json.kind == .object else {
            throw .badParameter("the body", rule: "must be a JSON object")
        }
        var terms: [SearchTerm] = []
        if let hash = try Self.text(json, "hash") { terms.append(try Self.hash(hash)) }
        if let key = json["publicKey"], !key.isNull { terms.append(try Self.verifier(key)) }
        for name in ["email", "subject"] {
            if let text = try Self.text(json, name) { terms.append(.name(text)) }
        }
        switch try Self.text(json, "operator")?.lowercased() ?? "or" {
        case "or": needsAll = false
        case "and": needsAll = true
        default: throw .badParameter("operator", rule: "must be and or or")
        }
        keys = Set(terms.map(\.key))
    }

    /// A text; nil when it is missing or empty, which Rekor's clients write alike.
    private static func text(_ json: JSON, _ name: String) throws(LogReadError) -> String? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .badParameter(name, rule: "must be a text") }
        return text.isEmpty ? nil : text
    }

    /// A hash without its algorithm's name says it by its length.
    private static func hash(_ text: String) throws(LogReadError) -> SearchTerm {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let algorithms = [40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"]
        guard parts.count <= 2, let hex = parts.last, Hexadecimal.decode(hex.utf8) != nil,
            let algorithm = parts.count == 2 ? parts.first.map(String.init) : algorithms[hex.utf8.count]
        else { throw .badParameter("hash", rule: "must be hexadecimal digits, with or without the algorithm in front") }
        return .hash(algorithm: algorithm, hex: String(hex))
    }

    private static func verifier(_ json: JSON) throws(LogReadError) -> SearchTerm {
        guard json["format"]?.string == "x509" else {
            throw .badParameter("publicKey.format", rule: "must be x509: the PKI format requested is not supported")
        }
        do {
            return .verifier(pem: try VerificationMaterial(pem: try json["content"].base64("publicKey.content")).pem)
        } catch {
            throw .badParameter("publicKey.content", rule: "could not be parsed: \(error)")
        }
    }
}
