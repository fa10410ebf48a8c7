import Yams

extension SettingsNode {
    /// The most values that a text may unfold to.
    public static let nodesMax = 100_000
    /// The most bytes of the keys that lead to a value; each value below has them.
    static let pathBytesMax = 4096

    /// Parses YAML or JSON. Aliases may stand anywhere, also as keys, and merge keys (`<<`) work; a text without any
    /// value is an empty mapping. Throws `.syntax`, `.duplicateKey` and `.tooLarge`.
    ///
    /// BUG: Yams hashes every key, so a key that is itself a list unfolding to billions of values keeps it busy for
    /// ever. Only whoever writes the settings can do that.
    public static func parse(_ text: String) throws(SettingsError) -> SettingsNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw SettingsError(error, text: text)
        } catch {
            throw .syntax(line: 1, column: 1, problem: "it isn't YAML")
        }
        guard let root else { return SettingsNode(line: 1, path: "", content: .mapping([])) }
        var budget = nodesMax
        return try node(root, path: "", line: 1, budget: &budget)
    }

    /// The line is where a person would look: an alias has the place where it is used, not that of its anchor.
    private static func node(
        _ node: Node,
        path: String,
        line: Int,
        budget: inout Int
    ) throws(SettingsError) -> SettingsNode {
        budget -= 1
        guard budget >= 0 else { throw .tooLarge(nodesMax: nodesMax) }
        guard path.utf8.count <= pathBytesMax else {
            throw .syntax(line: line, column: 1, problem: "the keys that lead here have over \(pathBytesMax) bytes")
        }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
            let isNull = !isQuoted && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            return SettingsNode(
                line: line,
                path: path,
                content: .scalar(scalar.string, isNull: isNull, isQuoted: isQuoted)
            )
        case .sequence(let sequence):
            var elements: [SettingsNode] = []
            let start = sequence.mark?.line ?? line
            for (index, element) in sequence.enumerated() {
                let place = max(start, element.mark?.line ?? start)
                elements.append(try Self.node(element, path: "\(path)[\(index)]", line: place, budget: &budget))
            }
            return SettingsNode(line: line, path: path, content: .list(elements))
        case .mapping(let mapping):
            return SettingsNode(
                line: line,
                path: path,
                content: .mapping(try members(of: mapping, path: path, budget: &budget))
            )
        case .alias:
            throw .syntax(line: line, column: 1, problem: "an alias to nothing")
        }
    }

    private static func members(
        of mapping: Node.Mapping,
        path: String,
        budget: inout Int
    ) throws(SettingsError) -> [(key: String, value: SettingsNode)] {
        var own: [(key: String, value: SettingsNode)] = []
        var merged: [(key: String, value: SettingsNode)] = []
        var names: Set<String> = []
        let start = mapping.mark?.line ?? 1
        for (key, value) in mapping {
            // A key that is an alias has the place of its anchor, which is before the mapping.
            var keyLine = key.mark?.line ?? start
            if keyLine < start { keyLine = max(start, value.mark?.line ?? start) }
            guard case .scalar(let scalar) = key else {
                throw .wrongKind(path: path, line: keyLine, expected: "a mapping with texts as keys")
            }
            let name = scalar.string
            let place = path.isEmpty ? name : "\(path).\(name)"
            if name == "<<", scalar.style == .plain {
                merged += try merge(try node(value, path: path, line: keyLine, budget: &budget), line: keyLine)
                continue
            }
            // Yams has refused a key that stands here twice.
            names.insert(name)
            own.append((name, try node(value, path: place, line: keyLine, budget: &budget)))
        }
        for member in merged where names.insert(member.key).inserted { own.append(member) }
        return own
    }

    /// YAML 1.1 merge keys: the members of one mapping, or of several with the earlier first.
    private static func merge(_ node: SettingsNode, line: Int) throws(SettingsError) -> [(
        key: String, value: SettingsNode
    )] {
        switch node.content {
        case .mapping(let members): return members
        case .list(let elements):
            var members: [(key: String, value: SettingsNode)] = []
            for element in elements { members += try element.mapping() }
            return members
        case .scalar: throw .wrongKind(path: node.path, line: line, expected: "a mapping to merge")
        }
    }
}

extension SettingsError {
    fileprivate init(_ error: YamlError, text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = .syntax(line: mark.line, column: mark.column, problem: problem)
        case .reader(let problem, let offset, _, _):
            let before = text.utf8.prefix(offset ?? 0)
            self = .syntax(line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: 1, problem: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            let again = Self.nextLine(of: key, after: context.mark, in: text)
            self = .duplicateKey(path: key, line: context.mark.line, again: again)
        default:
            self = .syntax(line: 1, column: 1, problem: "it isn't YAML")
        }
    }

    /// Where a key stands again in the same column. Yams says where it stands first, and not the rest.
    private static func nextLine(of key: String, after mark: Mark, in text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated().dropFirst(mark.line) {
            let rest = String(line.unicodeScalars.dropFirst(mark.column - 1))
            for spelling in [key, "\"\(key)\"", "'\(key)'"] where rest.hasPrefix(spelling) {
                if rest.dropFirst(spelling.count).drop(while: { $0 == " " }).first == ":" { return index + 1 }
            }
        }
        return nil
    }
}
