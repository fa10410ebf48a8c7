/// A URL as a certificate names it: taken apart and written again the way Go's net/url does, since verifiers compare
/// with what Fulcio would have written (ID-12, ID-35).
struct SubjectURL: Equatable {
    let scheme: String
    /// The host, compared as it is written: lower-case is not forced. Nil where there is none, as in `urn:uuid:…`.
    let host: String?
    /// The whole, percent-encoded where it must be.
    let serialized: String

    /// Reads an absolute URL; nil for anything else, for control characters, and for percent signs that aren't followed
    /// by two hexadecimal digits.
    init?(_ text: String) {
        let isPrintable = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard isPrintable, let (name, afterName) = Self.cut(text[...], ":"), Self.isScheme(name) else { return nil }
        scheme = name.lowercased()
        var (rest, fragment) = Self.cut(afterName, "#") ?? (afterName, "")
        guard let encodedFragment = Self.encoded(fragment, Self.fragmentText) else { return nil }
        fragment = encodedFragment.isEmpty ? "" : "#\(encodedFragment)"
        var query: Substring = ""
        if let (before, after) = Self.cut(rest, "?") { (rest, query) = (before, "?\(after)") }
        guard rest.utf8.first == UInt8(ascii: "/") else {
            guard !rest.isEmpty else { return nil }
            host = nil
            serialized = "\(scheme):\(rest)\(query)\(fragment)"
            return
        }
        var authority: Substring = ""
        if rest.utf8.starts(with: "//".utf8) {
            let afterSlashes = Substring(rest.utf8.dropFirst(2))
            authority = Substring(afterSlashes.utf8.prefix { $0 != UInt8(ascii: "/") })
            rest = afterSlashes[authority.endIndex...]
            guard let host = Self.host(of: authority) else { return nil }
            self.host = host
            authority = "//\(authority)"
        } else {
            host = nil
        }
        guard let path = Self.encoded(rest, Self.pathText) else { return nil }
        serialized = "\(scheme):\(authority)\(path)\(query)\(fragment)"
    }

    /// The URL with further segments in its path, each part one or several, as Go's JoinPath has it; parts that are empty
    /// are left out. Nil for a part that would lead up, stand still or leave a segment empty: JoinPath would take that
    /// away, and so give one bearer the name of another.
    init?(_ base: String, joining parts: [String]) {
        guard let url = SubjectURL(base), !base.utf8.contains(where: { "?#".utf8.contains($0) }) else { return nil }
        var text = url.serialized
        while text.utf8.last == UInt8(ascii: "/") { text.removeLast() }
        for part in parts where !part.isEmpty {
            let segments = part.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(
                String.init
            )
            guard !segments.contains(where: { ["", ".", ".."].contains($0) }),
                let path = Self.encoded(part[...], Self.pathText)
            else { return nil }
            text += "/\(path)"
        }
        self.init(text)
    }

    /// RFC 3986 §3.1.
    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, ASCII.isLetter(first) else { return false }
        return text.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "+-.".utf8.contains($0) }
    }

    /// What stands before and after the first of a character; nil without one. By bytes: a combining mark behind the
    /// character doesn't hide it.
    private static func cut(_ text: Substring, _ character: Unicode.Scalar) -> (before: Substring, after: Substring)? {
        text.unicodeScalars.firstIndex(of: character).map { place in
            (text[..<place], text[text.unicodeScalars.index(after: place)...])
        }
    }

    /// The host of `[user[:password]@]host[:port]`.
    private static func host(of authority: Substring) -> String? {
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            guard
                authority[..<at].utf8.allSatisfy({
                    ASCII.isAlphanumeric($0) || Array("-._:~!$&'()*+,;=%@".utf8).contains($0)
                }
                )
            else { return nil }
            host = authority[authority.index(after: at)...]
        }
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard host[host.index(after: colon)...].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            host = host[..<colon]
        }
        let inner = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        let allowed = inner.startIndex == host.startIndex ? Array("-._~".utf8) : Array(":.".utf8)
        guard !inner.isEmpty, inner.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || allowed.contains($0) }) else {
            return nil
        }
        return String(inner)
    }

    private static let pathText = Array("-_.~!$&'()*+,;=:@/[]".utf8)
    private static let pathTextWhenEncoded = Array("-_.~$&+,/:;=@".utf8)
    private static let fragmentText = Array("-_.~!$&'()*+,;=:@/?[]".utf8)

    /// As it is when every character may stand there, otherwise decoded and encoded anew.
    private static func encoded(_ text: Substring, _ allowed: [UInt8]) -> String? {
        guard let decoded = percentDecoded(Array(text.utf8)) else { return nil }
        if text.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x25 || allowed.contains($0) }) {
            return String(text)
        }
        let kept = allowed == fragmentText ? Array("-_.~!()*$&+,/:;=?@".utf8) : pathTextWhenEncoded
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in decoded {
            if ASCII.isAlphanumeric(byte) || kept.contains(byte) {
                output.append(byte)
            } else {
                output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == 0x25 else {
                output.append(bytes[position])
                position += 1
                continue
            }
            guard position + 2 < bytes.count, let high = digit(bytes[position + 1]),
                let low = digit(bytes[position + 2])
            else { return nil }
            output.append(high << 4 | low)
            position += 3
        }
        return output
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
