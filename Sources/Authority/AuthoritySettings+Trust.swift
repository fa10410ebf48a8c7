import Settings
public import TrustRoot

extension AuthoritySettings {
    /// Where the TUF repository's parts are, and what it says.
    public struct Trust: Sendable, Equatable {
        /// The key that signs roots and targets; it is kept elsewhere, and brought for `mayfly trust renew`.
        public let rootKey: String
        /// The key that signs snapshots and timestamps.
        public let onlineKey: String
        /// The file with both keys' passphrase, where they have one.
        public let passphraseFile: String?
        /// The repository's folder.
        public let repository: String
        /// Who runs the services, for clients that want several operators; nil for the host of `base-url`.
        public let operatorName: String?
        /// Token issuers that clients may send people to; nil for those of the configuration.
        public let issuers: [String]?
        /// For how long its files are good.
        public let lifetimes: TrustLifetimes
    }

    static func baseURL(_ node: SettingsNode?) throws(SettingsError) -> ServiceURL {
        guard let node else { return .default }
        let text = try node.string()
        let url: ServiceURL
        do { url = try ServiceURL(text) } catch {
            throw if case .url(_, let rule) = error { node.invalid(rule) } else { node.invalid("must be a URL") }
        }
        guard url.isOrigin else { throw node.invalid("must have no path: some clients drop it") }
        return url
    }
}

extension AuthoritySettings.Trust {
    init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: [
            "root-key", "online-key", "passphrase-file", "repository", "operator", "issuers", "lifetimes",
        ])
        rootKey = directory.resolve(try section.string("root-key") ?? "trust/root.key")
        onlineKey = directory.resolve(try section.required("online-key").string())
        passphraseFile = try section.string("passphrase-file").map(directory.resolve)
        repository = directory.resolve(try section.string("repository") ?? "trust/tuf")
        operatorName = try section.string("operator")
        issuers = try section["issuers"].map { node throws(SettingsError) in
            var issuers: [String] = []
            for element in try node.list() { issuers.append(try element.string()) }
            return issuers
        }
        lifetimes = try TrustLifetimes(section["lifetimes"])
    }
}

extension TrustLifetimes {
    fileprivate init(_ node: SettingsNode?) throws(SettingsError) {
        self = .default
        guard let section = try node?.object(known: TUFRole.allCases.map(\.rawValue)) else { return }
        func seconds(_ role: TUFRole, _ value: inout Int64) throws(SettingsError) {
            guard let node = section[role.rawValue] else { return }
            value = try node.duration().components.seconds
            guard (3...36_500 * 86_400).contains(value) else { throw node.invalid("must be from 3s to 36500d") }
        }
        try seconds(.root, &rootSeconds)
        try seconds(.targets, &targetsSeconds)
        try seconds(.snapshot, &snapshotSeconds)
        try seconds(.timestamp, &timestampSeconds)
    }
}
