import Settings

extension RuleSet {
    /// The most rules of an entry.
    static let rulesMax = 1000

    /// Reads the key `rules`.
    init(_ node: SettingsNode) throws(SettingsError) {
        let keys = try node.restriction(known: ["mode", "default", "list"])
        isEnforced = try keys["mode"]?.word(of: ["enforce", "report"]) != "report"
        otherwise = try keys.required("default").word(of: ["allow", "deny"]) == "allow" ? .allow : .deny
        let rules = try keys.required("list")
        let nodes = try rules.list()
        guard nodes.count <= Self.rulesMax else {
            throw rules.invalid("must have at most \(Self.rulesMax) rules, not \(nodes.count)")
        }
        var list: [Rule] = []
        var lines: [RuleID: Int] = [:]
        for node in nodes {
            let rule = try Rule(node)
            if let line = lines.updateValue(node.line, forKey: rule.id) {
                throw node.invalid("the id '\(rule.id)' stands twice in this entry, first in line \(line)")
            }
            list.append(rule)
        }
        self.list = list
    }
}

extension Rule {
    /// The most conditions of a rule.
    static let conditionsMax = 64

    init(_ node: SettingsNode) throws(SettingsError) {
        let keys = try node.restriction(known: ["id", "allow", "deny"])
        let name = try keys.required("id")
        guard let id = RuleID(try name.string()) else {
            throw name.invalid("must have 1 to 64 of the characters a-z, 0-9 and -")
        }
        self.id = id
        let members: SettingsNode
        switch (keys["allow"], keys["deny"]) {
        case (let allow?, nil): (decision, members) = (.allow, allow)
        case (nil, let deny?): (decision, members) = (.deny, deny)
        default: throw node.invalid("must have one of allow and deny, with conditions in it")
        }
        let claims = try members.mapping()
        guard !claims.isEmpty else {
            throw members.invalid("must have a condition; what happens without any is said by default")
        }
        guard claims.count <= Self.conditionsMax else {
            throw members.invalid("must have at most \(Self.conditionsMax) conditions, not \(claims.count)")
        }
        var conditions: [Condition] = []
        for (claim, node) in claims { conditions.append(try Condition(claim, node, in: decision)) }
        self.conditions = conditions
    }
}
