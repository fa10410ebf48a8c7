public import Log
import Wire

/// An entry proposed through Rekor v1, verified, and in the form in which it becomes a leaf.
public struct ProposedEntry: Sendable, Equatable {
    /// The entry as Rekor keeps it.
    public let body: RecordBody
    /// What the entry is found by.
    public let keys: Set<SearchKey>

    /// Reads and verifies the body of `POST /api/v1/log/entries`. CPU work.
    ///
    /// ```
    /// {"apiVersion": "0.0.1", "kind": "hashedrekord" | "dsse", "spec": {…}}
    /// ```
    public init(_ request: [UInt8]) throws(ProposalProblem) {
        guard let json = try? JSON.parse(request) else { throw .unparsable }
        var effort = VerificationEffort()
        try self.init(json, &effort)
    }

    /// As ``init(_:)``, of JSON that has been read; several entries of one request share its effort.
    init(_ json: JSON, _ effort: inout VerificationEffort) throws(ProposalProblem) {
        guard json.kind == .object else { throw .unparsable }
        guard let kind = json["kind"]?.string else { throw .memberInvalid("kind") }
        guard [HashedRekordV001.kind, DSSEV001.kind].contains(kind) else { throw .kindUnsupported }
        guard json["apiVersion"]?.string == Self.version else { throw .versionUnsupported }
        guard let spec = json["spec"], spec.kind == .object else { throw .memberInvalid("spec") }
        let terms: [SearchTerm]
        if kind == DSSEV001.kind {
            let entry = try DSSEV001(spec: spec, &effort)
            (body, terms) = (entry.body, entry.terms)
        } else {
            try effort.spend()
            let entry = try HashedRekordV001(spec: spec)
            (body, terms) = (entry.body, entry.terms)
        }
        keys = Set(terms.map(\.key))
    }

    private static let version = "0.0.1"

    /// An entry of this version. Throws `.tooLarge`.
    static func canonical(kind: String, spec: JSONText) throws(ProposalProblem) -> RecordBody {
        let entry = JSONText.object([("apiVersion", .string(version)), ("kind", .string(kind)), ("spec", spec)])
        do { return try RecordBody(entry) } catch { throw .tooLarge }
    }
}

extension Optional<JSON> {
    /// The bytes of a text in base64, line breaks in it or not. Throws `.memberInvalid` when it is missing, empty or
    /// another kind of value.
    func base64(_ path: String) throws(ProposalProblem) -> [UInt8] {
        guard let text = self?.utf8Bytes,
            let bytes = try? Base64.decodeLenient(text.filter { $0 != 0x0A && $0 != 0x0D }), !bytes.isEmpty
        else { throw .memberInvalid(path) }
        return bytes
    }
}
