public import Wire

/// The way to a claim inside others: the part of JSONPath (RFC 9535) that configurations use, `$.a.b` and `$['a']["b"]`.
public struct ClaimPath: Sendable, Equatable {
    let names: [String]

    /// The way to a claim that stands inside no other.
    public init(name: String) {
        names = [name]
    }

    /// Reads a path; nil for every other form.
    public init?(_ text: String) {
        guard text.hasPrefix("$") else { return nil }
        var rest = text.dropFirst()
        var names: [String] = []
        while let first = rest.first {
            if first == "." {
                let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
                guard !name.isEmpty else { return nil }
                names.append(String(name))
                rest = rest[name.endIndex...]
            } else if rest.hasPrefix("['") || rest.hasPrefix("[\"") {
                let quote = rest[rest.index(after: rest.startIndex)]
                let content = rest.dropFirst(2)
                guard let end = content.firstIndex(of: quote), content[end...].dropFirst().first == "]" else {
                    return nil
                }
                let name = content[..<end]
                guard !name.isEmpty, !name.contains("\\") else { return nil }
                names.append(String(name))
                rest = content[end...].dropFirst(2)
            } else {
                return nil
            }
        }
        guard !names.isEmpty else { return nil }
        self.names = names
    }

    /// The value there; nil when there is none.
    public func value(in json: JSON) -> JSON? {
        guard let first = names.first, var value = json[first] else { return nil }
        for name in names.dropFirst() {
            guard let member = value[name] else { return nil }
            value = member
        }
        return value
    }
}
