import Yams

extension SettingsNode {
    /// The most values that a text may unfold to.
    public static let nodesMax = 100_000

    /// Parses YAML or JSON. Aliases may stand anywhere, also as keys, and merge keys (`<<`) work; a text without any
    /// value is an empty mapping. Throws `.syntax`, `.duplicateKey` and `.tooLarge`.
    public static func parse(_ text: String) throws(SettingsError) -> SettingsNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw SettingsError(error)
        } catch {
            throw .syntax(line: 1, column: 1, problem: "it isn't YAML")
        }
        guard let root else { return SettingsNode(line: 1, path: "", content: .mapping([])) }
        var budget = nodesMax
        return try node(root, path: "", line: 1, budget: &budget)
    }

    private static func node(
        _ node: Node, path: String, line parent: Int, budget: inout Int
    ) throws(SettingsError) -> SettingsNode {
        budget -= 1
        guard budget > 0 else { throw .tooLarge(nodesMax: nodesMax) }
        let line = node.mark?.line ?? parent
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
            let isNull = !isQuoted && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            return SettingsNode(
                line: line, path: path, content: .scalar(scalar.string, isNull: isNull, isQuoted: isQuoted))
        case .sequence(let sequence):
            var elements: [SettingsNode] = []
            for (index, element) in sequence.enumerated() {
                elements.append(try Self.node(element, path: "\(path)[\(index)]", line: line, budget: &budget))
            }
            return SettingsNode(line: line, path: path, content: .list(elements))
        case .mapping(let mapping):
            return SettingsNode(
                line: line, path: path,
                content: .mapping(try members(of: mapping, path: path, line: line, budget: &budget)))
        case .alias:
            throw .syntax(line: line, column: 1, problem: "an alias to nothing")
        }
    }

    private static func members(
        of mapping: Node.Mapping, path: String, line: Int, budget: inout Int
    ) throws(SettingsError) -> [(key: String, value: SettingsNode)] {
        var own: [(key: String, value: SettingsNode)] = []
        var merged: [(key: String, value: SettingsNode)] = []
        var names: Set<String> = []
        for (key, value) in mapping {
            let keyLine = key.mark?.line ?? line
            guard case .scalar(let scalar) = key else {
                throw .wrongKind(path: path, line: keyLine, expected: "a mapping with texts as keys")
            }
            let name = scalar.string
            let place = path.isEmpty ? name : "\(path).\(name)"
            if name == "<<", scalar.style == .plain {
                merged += try merge(try node(value, path: path, line: keyLine, budget: &budget), line: keyLine)
                continue
            }
            guard names.insert(name).inserted else { throw .duplicateKey(path: place, line: keyLine) }
            own.append((name, try node(value, path: place, line: keyLine, budget: &budget)))
        }
        for member in merged where names.insert(member.key).inserted { own.append(member) }
        return own
    }

    /// YAML 1.1 merge keys: the members of one mapping, or of several with the earlier first.
    private static func merge(_ node: SettingsNode, line: Int) throws(SettingsError) -> [(key: String, value: SettingsNode)] {
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
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = .syntax(line: mark.line, column: mark.column, problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self = .duplicateKey(path: duplicates.first ?? "", line: context.mark.line)
        default:
            self = .syntax(line: 1, column: 1, problem: "it isn't YAML")
        }
    }
}
