/// A mapping whose keys are known.
public struct SettingsObject: Sendable {
    /// The mapping itself, for errors about it as a whole.
    public let node: SettingsNode
    let values: [String: SettingsNode]

    /// The value of a key; nil when the key is absent or has nothing behind it.
    public subscript(key: String) -> SettingsNode? {
        values[key].flatMap { $0.isNull ? nil : $0 }
    }

    /// The value of a key that must be there. Throws `.missing`.
    public func required(_ key: String) throws(SettingsError) -> SettingsNode {
        if let value = self[key] { return value }
        throw .missing(path: node.path.isEmpty ? key : "\(node.path).\(key)", line: node.line)
    }

    /// The same mapping, with another's values for the keys that are absent here.
    public func filled(with other: SettingsObject) -> SettingsObject {
        let own = values.filter { !$0.value.isNull }
        return SettingsObject(node: node, values: own.merging(other.values) { mine, _ in mine })
    }

    /// The text of a key, if it is there. Throws `.wrongKind`.
    public func string(_ key: String) throws(SettingsError) -> String? {
        guard let value = self[key] else { return nil }
        return try value.string()
    }
}
