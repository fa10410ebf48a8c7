/// An object read strictly by protobuf's JSON mapping: fields under their lowerCamelCase or original names, `null` as
/// absent, bytes in any base64 with or without line ends, 64-bit numbers as texts or numbers, enums by name or number, and no unknown fields.
///
/// An absent field reads as its type's zero. Each reading function throws a ``ProtoFault`` with the field's path.
public struct ProtoObject: Sendable {
    /// Where it stands: names from the outside in; empty for the outermost.
    public let path: String
    private let node: JSON

    /// Parses a text that is one message with these fields, in lowerCamelCase.
    public init(parsing text: [UInt8], limits: JSONLimits, fields: [String]) throws(ProtoFault) {
        let json: JSON
        do { json = try JSON.parse(text, limits: limits) } catch { throw ProtoFault(path: "", rule: .json(error)) }
        try self.init(json, path: "", fields: fields)
    }

    /// Takes a value that must be a message with these fields, in lowerCamelCase. Names that are not among them are
    /// refused.
    public init(_ json: JSON, path: String, fields: [String]) throws(ProtoFault) {
        guard let members = json.members else { throw ProtoFault(path: path, rule: .notAnObject) }
        let known = Set(fields + fields.map(Self.original))
        for member in members where !known.contains(member.name) {
            throw ProtoFault(path: path, rule: .unknownField(String(member.name.prefix(64))))
        }
        self.path = path
        node = json
    }

    /// Whether a field is there and not null.
    public func has(_ name: String) throws(ProtoFault) -> Bool { try field(name) != nil }

    /// A message inside; nil when absent.
    public func object(_ name: String, fields: [String]) throws(ProtoFault) -> ProtoObject? {
        guard let value = try field(name) else { return nil }
        return try ProtoObject(value, path: path(name), fields: fields)
    }

    /// A message inside that must be there.
    public func required(_ name: String, fields: [String]) throws(ProtoFault) -> ProtoObject {
        guard let object = try object(name, fields: fields) else { throw ProtoFault(path: path(name), rule: .missing) }
        return object
    }

    /// Messages in an array, at most `max`; none when absent.
    public func objects(_ name: String, max: Int, fields: [String]) throws(ProtoFault) -> [ProtoObject] {
        var objects: [ProtoObject] = []
        for (place, value) in try elements(name, max: max).enumerated() {
            objects.append(try ProtoObject(value, path: "\(path(name))[\(place)]", fields: fields))
        }
        return objects
    }

    /// A text; empty when absent.
    public func text(_ name: String) throws(ProtoFault) -> String {
        guard let value = try field(name) else { return "" }
        guard let text = value.string else { throw ProtoFault(path: path(name), rule: .notAText) }
        return text
    }

    /// Bytes; none when absent.
    public func bytes(_ name: String) throws(ProtoFault) -> [UInt8] {
        guard let value = try field(name) else { return [] }
        return try Self.bytes(value, path: path(name))
    }

    /// Bytes in an array, at most `max` of them; none when absent.
    public func byteStrings(_ name: String, max: Int) throws(ProtoFault) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        for (place, value) in try elements(name, max: max).enumerated() {
            strings.append(try Self.bytes(value, path: "\(path(name))[\(place)]"))
        }
        return strings
    }

    /// A number of 64 bits; zero when absent.
    public func integer(_ name: String) throws(ProtoFault) -> Int64 {
        guard let value = try field(name) else { return 0 }
        if let number = value.integer { return number }
        // "+7" would be a number to Swift, and isn't one to protobuf.
        guard let text = value.string, text.first != "+", let number = Int64(text) else {
            throw ProtoFault(path: path(name), rule: .notANumber)
        }
        return number
    }

    /// The name of an enum's value, given by name or by number; empty when absent. The zero is not among the names.
    public func enumeration(_ name: String, _ names: [Int64: String]) throws(ProtoFault) -> String {
        guard let value = try field(name) else { return "" }
        let found = value.integer.flatMap { names[$0] } ?? value.string.flatMap { names.values.contains($0) ? $0 : nil }
        guard let found else { throw ProtoFault(path: path(name), rule: .notOfTheEnum) }
        return found
    }

    /// A moment in milliseconds since 1970; nil when absent.
    public func milliseconds(_ name: String) throws(ProtoFault) -> Int64? {
        guard let value = try field(name) else { return nil }
        guard let text = value.string, let moment = RFC3339.milliseconds(text) else {
            throw ProtoFault(path: path(name), rule: .notAMoment)
        }
        return moment
    }

    /// The path of a field of this message.
    public func path(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func elements(_ name: String, max: Int) throws(ProtoFault) -> [JSON] {
        guard let value = try field(name) else { return [] }
        guard let elements = value.elements else { throw ProtoFault(path: path(name), rule: .notAnArray) }
        guard elements.count <= max else { throw ProtoFault(path: path(name), rule: .tooMany(max: max)) }
        return elements
    }

    private static func bytes(_ value: JSON, path: String) throws(ProtoFault) -> [UInt8] {
        guard let text = value.utf8Bytes else { throw ProtoFault(path: path, rule: .notAText) }
        // Go's decoder passes over line ends, and so bundles have them.
        let lines = text.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let bytes = try? Base64.decodeLenient(lines) else { throw ProtoFault(path: path, rule: .notBase64) }
        return bytes
    }

    private func field(_ name: String) throws(ProtoFault) -> JSON? {
        let original = Self.original(name)
        let value = node[name]
        guard original != name, let other = node[original] else { return value.flatMap { $0.isNull ? nil : $0 } }
        guard value == nil else { throw ProtoFault(path: path(name), rule: .twoSpellings) }
        return other.isNull ? nil : other
    }

    /// `logIndex` as the message's definition spells it, `log_index`.
    private static func original(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isASCII, character.isUppercase { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}
