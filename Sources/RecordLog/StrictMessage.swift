import Wire

/// A JSON object as protobuf's JSON mapping reads it when it is strict: names in two spellings, `null` as absent, and no
/// name that the message doesn't have.
struct StrictMessage {
    private let fields: [String: JSON]
    private let path: String

    /// Reads a body whose outermost message has these fields, each under its JSON name and its name in the .proto file.
    init(body: [UInt8], limits: JSONLimits, fields: KeyValuePairs<String, String>) throws(RecordProblem) {
        guard let node = try? JSON.parse(body, limits: limits), node.kind == .object else { throw .notAnObject }
        try self.init(node, path: "", fields: fields)
    }

    private init(_ node: JSON, path: String, fields names: KeyValuePairs<String, String>) throws(RecordProblem) {
        var fields: [String: JSON] = [:]
        for (name, value) in node.members ?? [] {
            guard let field = names.first(where: { $0.key == name || $0.value == name }) else {
                throw .unknownField(in: path)
            }
            guard fields.updateValue(value, forKey: field.key) == nil else {
                throw .malformed(Self.join(path, field.key))
            }
        }
        self.fields = fields.filter { !$0.value.isNull }
        self.path = path
    }

    /// Whether the field is there and not null.
    func has(_ name: String) -> Bool { fields[name] != nil }

    /// The message in a field; throws `.missing` when it is absent.
    func message(_ name: String, fields names: KeyValuePairs<String, String>) throws(RecordProblem) -> StrictMessage {
        guard let node = fields[name] else { throw .missing(Self.join(path, name)) }
        guard node.kind == .object else { throw .malformed(Self.join(path, name)) }
        return try StrictMessage(node, path: Self.join(path, name), fields: names)
    }

    /// The bytes in a field; throws `.missing` when it is absent or empty.
    func bytes(_ name: String) throws(RecordProblem) -> [UInt8] {
        guard let node = fields[name] else { throw .missing(Self.join(path, name)) }
        guard let text = node.utf8Bytes, let bytes = try? Base64.decodeLenient(text) else {
            throw .malformed(Self.join(path, name))
        }
        guard !bytes.isEmpty else { throw .missing(Self.join(path, name)) }
        return bytes
    }

    /// The name or number in an enum's field; throws `.missing` when it is absent.
    func value(_ name: String) throws(RecordProblem) -> (name: String?, number: Int64?) {
        guard let node = fields[name] else { throw .missing(Self.join(path, name)) }
        return (node.string, node.integer)
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
