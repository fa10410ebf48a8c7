import Wire

/// The form of JSON that TUF's signatures and key ids are over: OLPC's canonical JSON.
///
/// It is not RFC 8785's: of all characters only the quotation mark and the reverse solidus are escaped, so the newlines of
/// a PEM key stand there as they are. Names are sorted by their bytes, which in UTF-8 is the order of the code points.
enum CanonicalJSON {
    /// The canonical bytes of a value.
    static func encode(_ value: JSONText) -> [UInt8] {
        var output: [UInt8] = []
        append(value, to: &output)
        return output
    }

    private static func append(_ value: JSONText, to output: inout [UInt8]) {
        switch value {
        case .object(let members):
            let sorted = members.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            output.append(UInt8(ascii: "{"))
            for (position, member) in sorted.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                append(member.0, to: &output)
                output.append(UInt8(ascii: ":"))
                append(member.1, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                append(element, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .string(let text): append(text, to: &output)
        case .integer(let number): output.append(contentsOf: String(number).utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: output.append(contentsOf: "null".utf8)
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension JSONText {
    /// What was read, to be written; nil where there is a number with a fraction, which canonical JSON doesn't have.
    init?(_ value: JSON) {
        switch value.kind {
        case .object:
            var members: [(String, JSONText)] = []
            for (name, member) in value.members ?? [] {
                guard let text = JSONText(member) else { return nil }
                members.append((name, text))
            }
            self = .object(members)
        case .array:
            var elements: [JSONText] = []
            for element in value.elements ?? [] {
                guard let text = JSONText(element) else { return nil }
                elements.append(text)
            }
            self = .array(elements)
        case .string: self = .string(value.string ?? "")
        case .integer: self = .integer(value.integer ?? 0)
        case .real: return nil
        case .bool: self = .bool(value.bool ?? false)
        case .null: self = .null
        }
    }
}
