import Settings

extension SettingsNode {
    /// As `object`, but a key with nothing behind it is an error and not an absent key: what was meant to restrict must
    /// not vanish with a comment sign. Names with dashes are for `.exact` only.
    func restriction(
        known keys: [String],
        unknownKeys: UnknownKeys = .refused,
        spelling: KeySpelling = .exact
    ) throws(SettingsError) -> SettingsObject {
        let object = try object(known: keys, unknownKeys: unknownKeys, spelling: spelling)
        for (name, value) in try mapping() where value.isNull && keys.contains(name.lowercased()) {
            throw value.invalid("has nothing in it: remove the key, or write what it should say")
        }
        return object
    }

    /// One of a few words.
    func word(of words: [String]) throws(SettingsError) -> String {
        let word = try string()
        guard words.contains(word) else { throw invalid("must be \(words.joined(separator: " or "))") }
        return word
    }
}
