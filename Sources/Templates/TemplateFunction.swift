/// The functions but `index` and `printf`, which are known by their arguments when the template is parsed.
enum TemplateFunction: String, Sendable {
    case and, or, not, eq, ne, len, slice, html, urlquery

    /// How many arguments it takes.
    var arguments: ClosedRange<Int> {
        switch self {
        case .and, .or: 1...Int.max
        case .not, .len, .html, .urlquery: 1...1
        case .eq: 2...Int.max
        case .ne: 2...2
        case .slice: 1...3
        }
    }

    /// The kinds of its result; nil if these arguments don't suit it.
    func result(of arguments: [TemplateKinds]) -> TemplateKinds? {
        guard !arguments.contains(where: { $0.contains(.values) }) else { return nil }
        let kinds = arguments.reduce(TemplateKinds()) { $0.union($1) }
        switch self {
        case .and, .or: return kinds
        case .not: return .bool
        case .eq, .ne: return kinds == .text || kinds == .integer || kinds == .bool ? .bool : nil
        case .len: return kinds == .text ? .integer : nil
        case .slice:
            return arguments.first == .text && arguments.dropFirst().allSatisfy { $0 == .integer } ? .text : nil
        case .html, .urlquery: return .text
        }
    }

    /// What a wrong argument is told.
    var needs: String {
        switch self {
        case .and, .or, .not: "needs values"
        case .eq, .ne: "needs values of one kind"
        case .len: "needs a text"
        case .slice: "needs a text and one or two numbers"
        case .html, .urlquery: "needs a value"
        }
    }

    /// The result for arguments that suit it; `and` and `or` are not here, for they don't look at all of them.
    func apply(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        guard let first = arguments.first else { return .text("") }
        let others = arguments.dropFirst()
        switch self {
        case .and, .or: return first
        case .not: return .bool(!first.holds)
        case .eq: return .bool(others.contains(first))
        case .ne: return .bool(!others.contains(first))
        case .len: return .integer(first.printed.utf8.count)
        case .slice: return .text(try Self.slice(first.printed, others))
        case .html: return .text(Self.html(first.printed))
        case .urlquery: return .text(Self.query(first.printed))
        }
    }

    /// Bytes, as Go counts; but a part that cuts a character in two is refused.
    private static func slice(_ text: String, _ bounds: ArraySlice<TemplateValue>) throws(TemplateError) -> String {
        let bytes = Array(text.utf8)
        var numbers: [Int] = []
        for case .integer(let number) in bounds { numbers.append(number) }
        let start = numbers.first ?? 0
        let end = numbers.count > 1 ? numbers[1] : bytes.count
        guard start >= 0, start <= end, end <= bytes.count,
            let part = String(validating: bytes[start..<end], as: UTF8.self)
        else { throw .sliceOutOfRange }
        return part
    }

    private static func html(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\"": "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\u{FFFD}",
        ]
        return text.unicodeScalars.reduce(into: "") { $0 += escapes[$1] ?? String($1) }
    }

    /// RFC 3986's unreserved characters stay, a space is `+`.
    private static func query(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var output = String.UnicodeScalarView()
        for byte in text.utf8 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: output.append(Unicode.Scalar(byte))
            case 0x20: output.append("+")
            default: output.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(output)
    }
}
