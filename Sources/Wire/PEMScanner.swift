/// Finds PEM blocks in a text as Go's `pem.Decode` does, but in time linear in the text.
struct PEMScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The first `\n-----END ` at or behind the last place searched from; remembered, because a text may have a
    /// million BEGIN lines and one END line.
    private var nextEnd = -1

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// The next complete block, or nil.
    mutating func next() -> PEMBlock? {
        while let label = nextLabel() {
            let headers = position
            guard let body = skipHeaders() else { return nil }
            guard let end = endBoundary(from: body, hasHeaders: body > headers) else { return nil }
            guard let afterEnd = closes(label, at: end) else { continue }
            let encoded = UnsafeBufferPointer(rebasing: text[body..<max(body, end)])
            // Where a body cannot be decoded the search goes on behind the headers, not behind the whole block.
            guard Self.mayBeBase64(encoded), let bytes = try? Base64Decoder.decode(encoded, rules: .pem) else {
                continue
            }
            position = afterEnd
            return PEMBlock(label: String(decoding: text[label], as: UTF8.self), bytes: bytes)
        }
        return nil
    }

    /// Moves behind the next BEGIN line and returns where its label stands.
    private mutating func nextLabel() -> Range<Int>? {
        while true {
            let start: Int
            if hasPrefix(Self.begin.dropFirst(), at: position) {
                start = position + Self.begin.count - 1
            } else if let found = find(Self.begin, from: position) {
                start = found + Self.begin.count
            } else {
                return nil
            }
            let line = self.line(from: start)
            position = line.next
            let dashes = line.end - Self.dashes.count
            if dashes >= start, hasPrefix(Self.dashes[...], at: dashes) { return start..<dashes }
        }
    }

    /// Moves behind the header lines, that is lines with a colon, and returns the start of the base64 text.
    private mutating func skipHeaders() -> Int? {
        while position < text.count {
            let line = self.line(from: position)
            guard text[position..<line.end].contains(UInt8(ascii: ":")) else { return position }
            position = line.next
        }
        return nil
    }

    /// The index of the newline before the END line; one less than `body` if the body is empty, which needs no headers.
    private mutating func endBoundary(from body: Int, hasHeaders: Bool) -> Int? {
        if !hasHeaders, hasPrefix(Self.end.dropFirst(), at: body) { return body - 1 }
        if nextEnd < body {
            guard let found = find(Self.end, from: body) else { return nil }
            nextEnd = found
        }
        return nextEnd
    }

    /// Where the text goes on behind the END line, if that line has this label, five dashes and nothing more.
    private func closes(_ label: Range<Int>, at end: Int) -> Int? {
        let start = end + Self.end.count
        let line = self.line(from: start)
        guard line.end - start == label.count + Self.dashes.count,
            hasPrefix(text[label], at: start), hasPrefix(Self.dashes[...], at: start + label.count)
        else { return nil }
        return line.next
    }

    /// The line from here without its newline and trailing blanks, and the start of the next one.
    private func line(from start: Int) -> (end: Int, next: Int) {
        var end = start
        while end < text.count, text[end] != Self.newline { end += 1 }
        let next = min(end + 1, text.count)
        if end < text.count, end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        while end > start, text[end - 1] == UInt8(ascii: " ") || text[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        return (end, next)
    }

    private func hasPrefix(_ prefix: some Collection<UInt8>, at start: Int) -> Bool {
        guard start >= 0, start + prefix.count <= text.count else { return false }
        return text[start...].starts(with: prefix)
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + pattern.count <= text.count {
            if text[index] == Self.newline, hasPrefix(pattern, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Whether the body has no dash, seen before memory for all of it is taken: a body may be the rest of a large text
    /// with another BEGIN line in it, again and again.
    private static func mayBeBase64(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        !body.contains(UInt8(ascii: "-"))
    }

    private static let newline = UInt8(ascii: "\n")
    private static let begin = Array("\n-----BEGIN ".utf8)
    private static let end = Array("\n-----END ".utf8)
    private static let dashes = Array("-----".utf8)
}
