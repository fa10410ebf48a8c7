/// A URL as a certificate names it: taken apart and written again the way Go's net/url does, since verifiers compare
/// with what Fulcio would have written (ID-12, ID-35).
struct SubjectURL: Equatable {
    let scheme: String
    /// Lower-case is not forced: the host is compared as it is written.
    let host: String
    /// The whole, percent-encoded where it must be.
    let serialized: String

    /// Reads an absolute URL with an authority; nil for anything else, for control characters, and for percent signs
    /// that aren't followed by two hexadecimal digits.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let colon = text.range(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound]
        guard let first = scheme.utf8.first, Self.isLetter(first),
            scheme.utf8.allSatisfy({ Self.isAlphanumeric($0) || [0x2B, 0x2D, 0x2E].contains($0) })
        else { return nil }
        var rest = text[colon.upperBound...]
        var fragment: Substring?
        if let hash = rest.firstIndex(of: "#") {
            fragment = rest[rest.index(after: hash)...]
            rest = rest[..<hash]
        }
        var query: Substring?
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...]
        guard let host = Self.host(of: authority), let path = Self.encoded(path, Self.pathText),
            let fragment = Self.encoded(fragment ?? "", Self.fragmentText)
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host
        serialized =
            "\(self.scheme)://\(authority)\(path)" + (query.map { "?\($0)" } ?? "")
            + (fragment.isEmpty ? "" : "#\(fragment)")
    }

    /// The host of `[user[:password]@]host[:port]`.
    private static func host(of authority: Substring) -> String? {
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            guard
                authority[..<at].utf8.allSatisfy({ isAlphanumeric($0) || Array("-._:~!$&'()*+,;=%@".utf8).contains($0) }
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
        guard !inner.isEmpty, inner.utf8.allSatisfy({ isAlphanumeric($0) || allowed.contains($0) }) else { return nil }
        return String(inner)
    }

    private static let pathText = Array("-_.~!$&'()*+,;=:@/[]".utf8)
    private static let pathTextWhenEncoded = Array("-_.~$&+,/:;=@".utf8)
    private static let fragmentText = Array("-_.~!$&'()*+,;=:@/?[]".utf8)

    /// As it is when every character may stand there, otherwise decoded and encoded anew.
    private static func encoded(_ text: Substring, _ allowed: [UInt8]) -> String? {
        guard let decoded = percentDecoded(Array(text.utf8)) else { return nil }
        if text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == 0x25 || allowed.contains($0) }) { return String(text) }
        let kept = allowed == fragmentText ? Array("-_.~!()*$&+,/:;=?@".utf8) : pathTextWhenEncoded
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in decoded {
            if isAlphanumeric(byte) || kept.contains(byte) {
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

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension String {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
