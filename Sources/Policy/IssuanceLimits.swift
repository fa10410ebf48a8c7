import Settings

/// An entry's limits.
public struct IssuanceLimits: Sendable {
    /// The entry's place in the configuration's text: the same after a reload.
    let entry: String
    /// Of all certificates by the entry's issuers.
    public let issuer: RateLimit?
    /// Of each subject.
    public let subject: RateLimit?

    /// Reads the key `limits`.
    init(_ node: SettingsNode, entry: String) throws(SettingsError) {
        let keys = try node.restriction(known: ["issuer", "subject"])
        self.entry = entry
        issuer = try keys["issuer"].map { node throws(SettingsError) in try RateLimit(node) }
        subject = try keys["subject"].map { node throws(SettingsError) in try RateLimit(node) }
        guard issuer != nil || subject != nil else { throw node.invalid("must have issuer or subject, or both") }
    }
}
