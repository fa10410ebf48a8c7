/// One pass over a JSON text before jansson allocates anything for it.
///
/// It looks at the first value only, and need not be exact about text that is not JSON: jansson judges the grammar,
/// except that jansson 2.14 loses a NUL byte that it has read one byte ahead, and so takes `[1\0]` for `[1]`.
enum JSONScan {
    /// The limit that the text breaks; nil if it may be parsed.
    static func refusal(of text: UnsafeBufferPointer<UInt8>, limits: JSONLimits) -> WireError? {
        guard var index = text.firstIndex(where: { !isWhiteSpace($0) }) else { return .empty }
        guard text[index] == openBrace || text[index] == openBracket else {
            return text.firstIndex(of: 0).map { nulCharacter(in: text, at: $0) }
        }
        var depth = 0
        // A value follows each comma, and each opening bracket counts once itself and once for its first element.
        var values = 0
        while index < text.count {
            switch text[index] {
            case quote:
                index = endOfString(text, from: index)
            case openBrace, openBracket:
                depth += 1
                values += 2
                if depth > limits.depthMax { return .jsonTooDeep(depthMax: limits.depthMax) }
            case closeBrace, closeBracket:
                depth -= 1
                if depth == 0 { return nil }
            case comma:
                values += 1
            case 0: return nulCharacter(in: text, at: index)
            default: break
            }
            if values > limits.valuesMax { return .jsonTooManyValues(valuesMax: limits.valuesMax) }
            index += 1
        }
        return nil
    }

    /// The index of the closing quote, or the end of the text.
    private static func endOfString(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < text.count {
            let byte = text[index]
            if byte == quote { return index }
            index += byte == backslash ? 2 : 1
        }
        return index
    }

    private static func nulCharacter(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> WireError {
        let before = text[..<index]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return .json(.nulCharacter, line: line, column: index - lineStart)
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let comma = UInt8(ascii: ",")
    private static let openBrace = UInt8(ascii: "{")
    private static let closeBrace = UInt8(ascii: "}")
    private static let openBracket = UInt8(ascii: "[")
    private static let closeBracket = UInt8(ascii: "]")
}
