/// A format of `printf`: `%s`, `%d`, `%q`, `%v` and `%%`, without width and flags.
enum TemplateFormat {
    enum Piece: Sendable, Equatable {
        case text(String)
        /// `%s`, `%d` or `%v` of a value that suits it: they print alike.
        case value
        /// `%q` of a text.
        case quoted
    }

    /// Takes a format apart; nil with a reason if Go would print `%!` for these arguments.
    static func pieces(of format: String, _ arguments: [TemplateKinds]) -> Result<[Piece], Problem> {
        var pieces: [Piece] = []
        var text = ""
        var rest = arguments[...]
        var characters = format.unicodeScalars.makeIterator()
        while let character = characters.next() {
            guard character == "%" else {
                text.unicodeScalars.append(character)
                continue
            }
            let verb = characters.next()
            if verb == "%" {
                text += "%"
                continue
            }
            guard let verb, "sdqv".unicodeScalars.contains(verb) else {
                return .failure(Problem("printf knows %s, %d, %q, %v and %% only"))
            }
            guard let kinds = rest.popFirst() else { return .failure(Problem("printf has fewer values than verbs")) }
            let allowed: TemplateKinds =
                verb == "v" ? [.text, .integer, .bool] : verb == "d" ? .integer : .text
            guard allowed.isSuperset(of: kinds) else {
                return .failure(Problem("%\(verb) can't print \(kinds.description)"))
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
            pieces.append(verb == "q" ? .quoted : .value)
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        guard rest.isEmpty else { return .failure(Problem("printf has more values than verbs")) }
        return .success(pieces)
    }

    struct Problem: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    /// Go's strconv.Quote: what can be printed stays, the rest is escaped.
    static func quoted(_ text: String) -> String {
        let simple: [Unicode.Scalar: String] = [
            "\u{7}": "\\a", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{B}": "\\v",
            "\\": "\\\\", "\"": "\\\"",
        ]
        let escaped = text.unicodeScalars.map { scalar in
            if let escape = simple[scalar] { return escape }
            if isPrintable(scalar) { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            let (letter, length) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            return "\\" + letter + String(repeating: "0", count: max(0, length - digits.count)) + digits
        }
        return "\"" + escaped.joined() + "\""
    }

    /// Letters, marks, numbers, punctuation, symbols, and of all spaces the ASCII one.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator: scalar == " "
        case .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
