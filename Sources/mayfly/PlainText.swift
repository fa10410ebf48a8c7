import Wire

/// Text of others, made safe to print: what a terminal would obey, would show in another order, or not at all, is written
/// out.
enum PlainText {
    /// The text with `\u{…}` in place of each character that a terminal would obey or not show.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }
}

extension PlainText {
    /// JSON text, with what `escaped` writes out as JSON's own escapes. Such characters are in its texts only.
    static func json(_ value: JSONText) -> String {
        var result = ""
        for scalar in String(decoding: value.encoded(), as: UTF8.self).unicodeScalars {
            guard isUnsafe(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result
    }
}
