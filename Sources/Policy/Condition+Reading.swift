import Identity
import Settings

extension Condition {
    /// The most texts of a list.
    static let valuesMax = 1000
    /// How many of them a person is shown.
    private static let valuesShown = 10

    convenience init(_ claim: String, _ node: SettingsNode, in decision: RuleDecision) throws(SettingsError) {
        let path = try Self.path(claim, node)
        let (test, demand) = try Self.question(node, in: decision)
        self.init(claim: claim, path: path, test: test, demand: demand)
    }

    private static func path(_ claim: String, _ node: SettingsNode) throws(SettingsError) -> ClaimPath {
        guard !claim.isEmpty else { throw node.invalid("must have a claim's name as its key") }
        guard claim.utf8.first == UInt8(ascii: "$") else { return ClaimPath(name: claim) }
        if let path = ClaimPath(claim) { return path }
        throw node.invalid("must be a claim's name, or a path such as $.a.b or $['a']['b']")
    }

    private static func question(
        _ node: SettingsNode,
        in decision: RuleDecision
    ) throws(SettingsError) -> (ClaimTest, String) {
        if node.isNull {
            throw node.invalid("must be a value, a list of values or a test; {exists: true} asks for any value")
        }
        if let values = try? node.list() { return try oneOf(values, node) }
        if (try? node.mapping()) != nil { return try test(node, in: decision) }
        return try oneOf([node], node)
    }

    private static func oneOf(
        _ nodes: [SettingsNode],
        _ node: SettingsNode
    ) throws(SettingsError) -> (ClaimTest, String) {
        guard (1...valuesMax).contains(nodes.count) else {
            throw node.invalid("must have 1 to \(valuesMax) values, not \(nodes.count)")
        }
        var texts: [String] = []
        for node in nodes { texts.append(try node.string()) }
        var shown = texts.prefix(valuesShown).joined(separator: " or ")
        if texts.count > valuesShown { shown += " or one of \(texts.count - valuesShown) more" }
        return (.oneOf(TextSet(texts)), "must be \(shown)")
    }

    /// A mapping with one test, or with several bounds.
    private static func test(
        _ node: SettingsNode,
        in decision: RuleDecision
    ) throws(SettingsError) -> (ClaimTest, String) {
        let relations = NumberBound.Relation.allCases
        let keys = try node.restriction(known: ["glob", "prefix", "exists"] + relations.map(\.rawValue))
        var bounds: [NumberBound] = []
        var demands: [String] = []
        for relation in relations {
            guard let value = keys[relation.rawValue] else { continue }
            let number = Int64(try value.integer(in: NumberBound.range))
            bounds.append(NumberBound(relation: relation, value: number))
            demands.append("\(relation.rawValue.replacing("-", with: " ")) \(number)")
        }
        switch (keys["glob"], keys["prefix"], keys["exists"], bounds.isEmpty) {
        case (let value?, nil, nil, true): return try glob(value)
        case (nil, let value?, nil, true): return try prefix(value)
        case (nil, nil, let value?, true): return try exists(value, in: decision)
        case (nil, nil, nil, false): return (.number(bounds), "must be \(demands.joined(separator: " and "))")
        default: throw node.invalid("must have one test: glob, prefix, exists, or bounds such as at-most")
        }
    }

    private static func glob(_ node: SettingsNode) throws(SettingsError) -> (ClaimTest, String) {
        let text = try node.string()
        guard let glob = Glob(text) else {
            throw node.invalid(
                "must have 1 to \(Glob.bytesMax) bytes with * and ** as its only wildcards, and none of ? [ ] { } \\"
            )
        }
        return (.glob(glob), "must match \(text)")
    }

    private static func prefix(_ node: SettingsNode) throws(SettingsError) -> (ClaimTest, String) {
        let text = try node.string()
        guard (1...Glob.bytesMax).contains(text.utf8.count) else {
            throw node.invalid("must have 1 to \(Glob.bytesMax) bytes; {exists: true} asks for any value")
        }
        return (.prefix(Array(text.utf8)), "must begin with \(text)")
    }

    private static func exists(
        _ node: SettingsNode,
        in decision: RuleDecision
    ) throws(SettingsError) -> (ClaimTest, String) {
        if try node.bool() { return (.present, "must be there") }
        guard decision == .deny else {
            throw node.invalid("must not be false in allow: what a token lacks must never be what allows a certificate")
        }
        return (.absent, "must be missing")
    }
}
