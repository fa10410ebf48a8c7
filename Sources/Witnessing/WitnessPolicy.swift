public import Settings
public import Transparency

/// The section `log.witnesses` of the configuration: who is asked, and how many of them are needed.
public struct WitnessPolicy: Sendable, Equatable {
    /// One witness.
    public struct Peer: Sendable, Equatable {
        /// Its name and key.
        public let cosigner: Cosigner
        /// Its submission prefix, without a slash at the end; nil for one behind an air gap.
        public let url: String?
        /// The file with the CAs that may have signed its TLS certificate; nil for the system's.
        public let authorities: String?

        /// Puts the parts together.
        public init(cosigner: Cosigner, url: String?, authorities: String? = nil) {
            self.cosigner = cosigner
            self.url = url
            self.authorities = authorities
        }
    }

    /// How many witnesses may be listed.
    public static let peersMax = 32

    /// Who may cosign.
    public let peers: [Peer]
    /// How many of them make a witnessed checkpoint; from 1 to their number.
    public let needed: Int
    /// How long one of them may take to answer, in seconds, from 1 to 60.
    public let timeoutSeconds: Int
    /// Whether each witness with a URL must answer before serving begins.
    public let isRequiredAtStart: Bool

    /// States a policy.
    public init(peers: [Peer], needed: Int, timeoutSeconds: Int = 5, isRequiredAtStart: Bool = false) {
        self.peers = peers
        self.needed = min(max(1, needed), max(1, peers.count))
        self.timeoutSeconds = timeoutSeconds
        self.isRequiredAtStart = isRequiredAtStart
    }

    /// Reads the section; `resolve` makes a path that is relative to the configuration one from anywhere.
    /// Throws what is wrong with it, with the line.
    public init(_ node: SettingsNode, resolve: (String) -> String) throws(SettingsError) {
        let section = try node.object(known: ["policy", "timeout", "require-at-start", "list"])
        let list = try section.required("list")
        var peers: [Peer] = []
        for element in try list.list() {
            peers.append(try Self.peer(element, resolve: resolve))
        }
        guard (1...Self.peersMax).contains(peers.count) else {
            throw list.invalid("must name from 1 to \(Self.peersMax) witnesses")
        }
        guard Set(peers.map(\.cosigner.publicKey)).count == peers.count else {
            throw list.invalid("must name each witness once")
        }
        let needed = try section["policy"]?.integer(in: 1...peers.count) ?? peers.count
        var seconds = 5
        if let timeout = section["timeout"] {
            guard let whole = Int(exactly: try timeout.duration().components.seconds), (1...60).contains(whole) else {
                throw timeout.invalid("must be from 1s to 60s")
            }
            seconds = whole
        }
        self.init(
            peers: peers,
            needed: needed,
            timeoutSeconds: seconds,
            isRequiredAtStart: try section["require-at-start"]?.bool() ?? false
        )
    }

    private static func peer(_ node: SettingsNode, resolve: (String) -> String) throws(SettingsError) -> Peer {
        let entry = try node.object(known: ["name", "url", "key", "ca"])
        let keyNode = try entry.required("key")
        let key = try keyNode.string()
        let cosigner: Cosigner
        do { cosigner = try Cosigner(verifierKey: key) } catch {
            throw keyNode.invalid("must be a verifier key of type 4, NAME+HASH+KEY, as `mayfly witness init` prints it")
        }
        if let name = entry["name"], try name.string() != cosigner.name.name {
            throw name.invalid("must be the name in the key")
        }
        var url = try entry.string("url")
        if let given = url {
            guard given.hasPrefix("https://") || given.hasPrefix("http://") else {
                throw try entry.required("url").invalid("must be an http or https URL")
            }
            while url?.hasSuffix("/") == true { url?.removeLast() }
        }
        return Peer(cosigner: cosigner, url: url, authorities: try entry.string("ca").map(resolve))
    }
}
