/// A value in a settings text, with its place.
public struct SettingsNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(String, isNull: Bool, isQuoted: Bool)
        case list([SettingsNode])
        case mapping([(key: String, value: SettingsNode)])
    }

    /// The line where its key stands, or where it begins if it has none, from 1.
    public let line: Int
    /// The keys that lead to it, joined by dots.
    public let path: String
    let content: Content

    init(line: Int, path: String, content: Content) {
        self.line = line
        self.path = path
        self.content = content
    }

    /// Whether nothing is written here, or `null`.
    public var isNull: Bool {
        if case .scalar(_, true, _) = content { true } else { false }
    }

    /// The text of a scalar. Throws `.wrongKind`, also for an empty value.
    public func string() throws(SettingsError) -> String {
        guard case .scalar(let text, false, _) = content else { throw wrongKind("a text") }
        return text
    }

    /// `true` or `false`, also spelt `yes`, `on`, `no` or `off` as YAML 1.1 has it. Throws `.wrongKind`.
    public func bool() throws(SettingsError) -> Bool {
        guard case .scalar(let text, _, false) = content else { throw wrongKind("true or false") }
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
        default: throw wrongKind("true or false")
        }
    }

    /// A whole number in a range. Throws `.wrongKind` and `.invalid`.
    public func integer(in range: ClosedRange<Int>) throws(SettingsError) -> Int {
        guard case .scalar(let text, _, false) = content, let number = Int(text) else {
            throw wrongKind("a whole number")
        }
        guard range.contains(number) else {
            throw invalid("must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A length of time such as `90s`, `5m`, `12h` or `2d`. Throws `.wrongKind`.
    public func duration() throws(SettingsError) -> Duration {
        let text = try string()
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count < 1 << 32
        else { throw wrongKind("a length of time such as 90s, 5m, 12h or 2d") }
        return .seconds(count * unit)
    }

    /// The elements of a list. Throws `.wrongKind`.
    public func list() throws(SettingsError) -> [SettingsNode] {
        guard case .list(let elements) = content else { throw wrongKind("a list") }
        return elements
    }

    /// The members of a mapping in their order; nothing at all is an empty mapping. Throws `.wrongKind`.
    public func mapping() throws(SettingsError) -> [(key: String, value: SettingsNode)] {
        if isNull { return [] }
        guard case .mapping(let members) = content else { throw wrongKind("a mapping of keys and values") }
        return members
    }

    /// A mapping with these keys. Throws `.wrongKind`, and `.unknownKey` for others unless they are ignored.
    public func object(
        known keys: [String],
        unknownKeys: UnknownKeys = .refused,
        spelling: KeySpelling = .exact
    ) throws(SettingsError) -> SettingsObject {
        var values: [String: SettingsNode] = [:]
        for (name, value) in try mapping() {
            guard let key = keys.first(where: { spelling.matches(name, $0) }) else {
                if unknownKeys == .ignored { continue }
                throw .unknownKey(path: value.path, line: value.line, nearest: NearestName.of(name, among: keys))
            }
            if let first = values.updateValue(value, forKey: key) {
                throw .duplicateKey(path: first.path, line: first.line, again: value.line)
            }
        }
        return SettingsObject(node: self, values: values)
    }

    /// An error about this value.
    public func invalid(_ rule: String) -> SettingsError {
        .invalid(path: path, line: line, rule: rule)
    }

    private func wrongKind(_ expected: String) -> SettingsError {
        .wrongKind(path: path, line: line, expected: expected)
    }
}
