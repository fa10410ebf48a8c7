/// A JSON value to be written (RFC 8259). Members keep their order; the caller keeps names unique.
public indirect enum JSONText: Sendable {
    /// Names and values, in this order.
    case object([(String, JSONText)])
    /// Values, in this order.
    case array([JSONText])
    /// A text.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null

    /// The compact text in UTF-8, without white space.
    public func encoded() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        append(to: &output)
        return output
    }

    /// The canonical text (RFC 8785): as ``encoded()``, with the members of each object in the order of their names'
    /// UTF-16 code units. For whole numbers up to 2^53, beyond which RFC 8785 knows none.
    public func canonical() -> [UInt8] { sorted.encoded() }

    private var sorted: JSONText {
        switch self {
        case .object(let members):
            .object(
                members.sorted { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }.map { ($0.0, $0.1.sorted) }
            )
        case .array(let elements): .array(elements.map(\.sorted))
        case .string, .integer, .bool, .null: self
        }
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                Self.append(quoted: member.0, to: &output)
                output.append(UInt8(ascii: ":"))
                member.1.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                element.append(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .string(let text): Self.append(quoted: text, to: &output)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: output.append(contentsOf: "null".utf8)
        }
    }

    private static func append(quoted text: String, to output: inout [UInt8]) {
        var text = text
        output.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            var start = 0
            for (index, byte) in utf8.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                output.append(contentsOf: utf8[start..<index])
                append(escaped: byte, to: &output)
                start = index + 1
            }
            output.append(contentsOf: utf8[start...])
        }
        output.append(UInt8(ascii: "\""))
    }

    /// RFC 8259 §7: quotation mark, reverse solidus and U+0000 to U+001F must be escaped.
    private static func append(escaped byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case ..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            output.append(contentsOf: "u00".utf8)
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 0x0F)])
        default: output.append(byte)
        }
    }
}
