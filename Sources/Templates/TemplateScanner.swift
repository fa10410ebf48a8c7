/// Cuts a template into tokens. One pass, linear, over characters as Go counts them (Unicode scalars).
struct TemplateScanner {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var line = 1
    /// Where the line begins.
    private var lineStart = 0
    private var counted = 0
    private var tokens: [TemplateToken] = []

    /// All tokens, the last of them `.end`. Throws `.notUnderstood`.
    static func tokens(of text: String) throws(TemplateError) -> [TemplateToken] {
        var scanner = TemplateScanner(scalars: Array(text.unicodeScalars))
        try scanner.run()
        return scanner.tokens
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func run() throws(TemplateError) {
        var trims = false
        while at < scalars.count {
            let next = (at..<scalars.count).first { starts("{{", at: $0) } ?? scalars.count
            let trimsBefore = self[next + 2] == "-" && isSpace(self[next + 3])
            var text = scalars[at..<next]
            if trims { text = text.drop(while: isSpace) }
            while trimsBefore, let last = text.last, isSpace(last) { text.removeLast() }
            if !text.isEmpty { append(.text(String(String.UnicodeScalarView(text))), from: text.startIndex) }
            at = next
            if at == scalars.count { break }
            trims = try action(trimsBefore: trimsBefore)
        }
        append(.end, from: at)
    }

    /// An action from `{{` to `}}`; whether the white space after it goes away.
    private mutating func action(trimsBefore: Bool) throws(TemplateError) -> Bool {
        let start = at
        at += trimsBefore ? 4 : 2
        if starts("/*", at: at) {
            guard let end = (at + 2..<max(at + 2, scalars.count)).first(where: { starts("*/", at: $0) }) else {
                throw problem("this remark has no end", from: start)
            }
            at = end + 2
            guard let close = closing() else { throw problem("a remark must be all of its action", from: start) }
            at += close.count
            return close.trims
        }
        append(.open, from: start)
        while at < scalars.count {
            if let close = closing() {
                append(.close, from: at)
                at += close.count
                return close.trims
            }
            try word()
        }
        throw problem("this action has no end", from: start)
    }

    private func closing() -> (count: Int, trims: Bool)? {
        if starts("}}", at: at) { return (2, false) }
        if isSpace(self[at]), starts("-}}", at: at + 1) { return (4, true) }
        return nil
    }

    private mutating func word() throws(TemplateError) {
        let start = at
        let first = scalars[at]
        at += 1
        switch first {
        case _ where isSpace(first):
            while isSpace(self[at]), closing() == nil { at += 1 }
            append(.space, from: start)
        case "\"": append(.string(try quoted(from: start)), from: start)
        case "`": append(.string(try raw(from: start)), from: start)
        case "|": append(.pipe, from: start)
        case "(": append(.leftParenthesis, from: start)
        case ")": append(.rightParenthesis, from: start)
        case ":" where self[at] == "=":
            at += 1
            append(.declare, from: start)
        case "$":
            let name = name()
            try terminated("a variable", from: start)
            append(.variable(name), from: start)
        case "." where !isDigit(self[at]):
            let name = name()
            try terminated("a name", from: start)
            append(name.isEmpty ? .dot : .field(name), from: start)
        case ".", "+", "-", "0"..."9": try number(from: start)
        case _ where isNamePart(first):
            let name = String(first) + name()
            try terminated("a name", from: start)
            append(name == "true" || name == "false" ? .bool(name == "true") : .word(name), from: start)
        default: throw problem("unexpected character '\(first)'", from: start)
        }
    }

    private mutating func name() -> String {
        let start = at
        while let scalar = self[at], isNamePart(scalar) { at += 1 }
        return string(start..<at)
    }

    /// A decimal whole number; Go's others (0x1F, 1e3, 'a') have no use here.
    private mutating func number(from start: Int) throws(TemplateError) {
        while let scalar = self[at], isNamePart(scalar) || scalar == "." { at += 1 }
        let text = string(start..<at)
        let digits = text.drop { $0 == "+" || $0 == "-" }
        guard digits == "0" || digits.first != "0", let number = Int(text) else {
            throw problem("only decimal whole numbers of 64 bits are known", from: start)
        }
        try terminated("a number", from: start)
        append(.integer(number), from: start)
    }

    private mutating func raw(from start: Int) throws(TemplateError) -> String {
        while let scalar = self[at] {
            at += 1
            // Go's raw strings lose their carriage returns.
            if scalar == "`" {
                return String(String.UnicodeScalarView(scalars[(start + 1)..<(at - 1)].filter { $0 != "\r" }))
            }
        }
        throw problem("this text has no end", from: start)
    }

    private mutating func quoted(from start: Int) throws(TemplateError) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = self[at], scalar != "\n" {
            at += 1
            switch scalar {
            case "\"": return String(text)
            case "\\": text.append(try escaped(from: at - 1))
            default: text.append(scalar)
            }
        }
        throw problem("this text has no end", from: start)
    }

    /// What follows a backslash. Go's `\x` and octal escapes mean bytes; here they must be ASCII, to stay text.
    private mutating func escaped(from start: Int) throws(TemplateError) -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}", "\\": "\\",
            "\"": "\"",
        ]
        guard let letter = self[at] else { throw problem("this text has no end", from: start) }
        at += 1
        if let scalar = simple[letter] { return scalar }
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        if let length = lengths[letter], at + length <= scalars.count {
            let digits = scalars[at..<(at + length)]
            if digits.allSatisfy(\.properties.isASCIIHexDigit), let code = UInt32(string(digits.indices), radix: 16),
                let scalar = Unicode.Scalar(code), letter != "x" || code < 0x80
            {
                at += length
                return scalar
            }
        }
        throw problem("unknown escape '\\\(letter)' in a text", from: start)
    }

    /// Go demands a gap or a sign after a name, so that `.a"b"` isn't two things.
    private func terminated(_ what: String, from start: Int) throws(TemplateError) {
        guard let next = self[at], !isSpace(next), !".,|:()".unicodeScalars.contains(next), !starts("}}", at: at) else {
            return
        }
        throw problem("unexpected character '\(next)' after \(what)", from: at)
    }

    private subscript(index: Int) -> Unicode.Scalar? { scalars.indices.contains(index) ? scalars[index] : nil }

    private func starts(_ text: String, at index: Int) -> Bool {
        index <= scalars.count && scalars[index...].starts(with: text.unicodeScalars)
    }

    private func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }

    private func isSpace(_ scalar: Unicode.Scalar?) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
    }

    private func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }

    private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_"
        }
    }

    private mutating func append(_ kind: TemplateToken.Kind, from start: Int) {
        while counted < start {
            if scalars[counted] == "\n" {
                line += 1
                lineStart = counted + 1
            }
            counted += 1
        }
        tokens.append(TemplateToken(kind: kind, line: line, column: start - lineStart + 1))
    }

    private func problem(_ problem: String, from start: Int) -> TemplateError {
        let before = scalars[..<start]
        let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return .notUnderstood(
            line: before.count { $0 == "\n" } + 1,
            column: start - lineStart + 1,
            problem: problem
        )
    }
}
