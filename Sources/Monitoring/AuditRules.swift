import Certificates
import Policy
public import Settings

/// Which certificates are expected; all others make alerts.
public struct AuditRules: Sendable {
    /// A name that may be in a certificate, and who may vouch for it.
    struct Identity: Sendable {
        let name: Glob
        /// Nil for every token issuer.
        let issuer: Glob?
    }

    private let identities: [Identity]?
    private let issuers: [Glob]?
    /// How old the latest checkpoint may be; nil for any age.
    public let staleAfter: Duration?

    /// Reads `identities`, `issuers` and `stale-after`. Throws what is wrong, with the line.
    public init(_ section: SettingsObject) throws(SettingsError) {
        identities = try section["identities"].map { node throws(SettingsError) in
            var identities: [Identity] = []
            for item in try node.list() { identities.append(try Self.identity(item)) }
            return identities
        }
        issuers = try section["issuers"].map { node throws(SettingsError) in
            var issuers: [Glob] = []
            for item in try node.list() { issuers.append(try Self.glob(item)) }
            return issuers
        }
        staleAfter = try section["stale-after"]?.duration()
    }

    private static func identity(_ node: SettingsNode) throws(SettingsError) -> Identity {
        if (try? node.string()) != nil { return Identity(name: try glob(node), issuer: nil) }
        let item = try node.object(known: ["san", "issuer"])
        return Identity(
            name: try glob(try item.required("san")),
            issuer: try item["issuer"].map { node throws(SettingsError) in try glob(node) }
        )
    }

    private static func glob(_ node: SettingsNode) throws(SettingsError) -> Glob {
        guard let glob = Glob(try node.string()) else {
            throw node.invalid("must be a pattern: * is any text without a slash, ** any text, and none of ?[]{}\\")
        }
        return glob
    }

    /// What is unexpected about an entry.
    func findings(_ entry: CheckedEntry) -> [Finding] {
        guard entry.isPrecertificate else { return [] }
        var findings: [Finding] = []
        if let issuers, !issuers.contains(where: { $0.matches(entry.issuer ?? "") }) {
            findings.append(Finding(.issuerUnlisted, "the token issuer isn't on the list"))
        }
        if let identities {
            let isListed = { (name: SubjectAlternativeName) in
                identities.contains { identity in
                    identity.name.matches(name.text) && (identity.issuer?.matches(entry.issuer ?? "") ?? true)
                }
            }
            if entry.names.isEmpty || !entry.names.allSatisfy(isListed) {
                findings.append(Finding(.identityUnlisted, "the name isn't on the list"))
            }
        }
        return findings
    }
}
