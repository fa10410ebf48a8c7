public import Audit
public import Settings
public import Transparency

/// What `mayfly audit` is told: which log, what to expect of it, and whom to tell.
public struct WatchSettings: Sendable {
    /// A place that alerts go to.
    public enum Channel: Sendable, Equatable {
        /// JSON lines: a file, standard output or syslog.
        case sink(AuditSettings)
        /// An HTTP address; files with a bearer token, and with the CAs that may have signed its TLS certificate.
        case webhook(url: String, tokenFile: String?, authorities: String?)
        /// A program and its arguments.
        case command(program: String, arguments: [String])
    }

    /// The log: a URL or a folder.
    public let log: String
    /// The file with the log's public key.
    public let key: String
    /// The log's name; nil for the one that it has signed.
    public let origin: LogOrigin?
    /// The file with the CAs that may have signed the log server's TLS certificate; nil for the system's.
    public let authorities: String?
    /// The file with the CA certificates that may be in the log; nil for any.
    public let roots: String?
    /// The data directory with the records; nil when they can't be reached.
    public let records: String?
    /// The file that outlives a run.
    public let state: String
    /// The time between two looks.
    public let interval: Duration
    /// What is expected.
    public let rules: AuditRules
    /// Whom to tell.
    public let channels: [Channel]

    private static let keys = [
        "log", "key", "origin", "tls-ca", "roots", "records", "state", "interval", "identities", "issuers",
        "stale-after", "alerts",
    ]

    /// Reads YAML; `resolve` makes a path that is relative to the configuration one from anywhere. Throws what is wrong,
    /// with the line.
    public init(_ text: String, resolve: (String) -> String) throws(SettingsError) {
        let section = try SettingsNode.parse(text).object(known: Self.keys)
        func path(_ name: String) throws(SettingsError) -> String? { try section.string(name).map(resolve) }
        let place = try section.required("log").string()
        log = Self.isURL(place) ? place : resolve(place)
        key = resolve(try section.required("key").string())
        origin = try section["origin"].map { node throws(SettingsError) in
            guard let origin = try? LogOrigin(try node.string()) else { throw node.invalid("can't be a log's name") }
            return origin
        }
        authorities = try path("tls-ca")
        roots = try path("roots")
        records = try path("records")
        state = resolve(try section.required("state").string())
        interval =
            try section["interval"].map { node throws(SettingsError) in
                let interval = try node.duration()
                guard interval >= .seconds(1) else { throw node.invalid("must be at least 1s") }
                return interval
            } ?? .seconds(60)
        rules = try AuditRules(section)
        let alerts = try section.required("alerts")
        var channels: [Channel] = []
        for node in try alerts.list() { channels.append(try Self.channel(node, resolve)) }
        guard !channels.isEmpty else { throw alerts.invalid("must name at least one place") }
        self.channels = channels
    }

    private static func channel(
        _ node: SettingsNode,
        _ resolve: (String) -> String
    ) throws(SettingsError) -> Channel {
        let item = try node.object(known: ["file", "stdout", "syslog", "sync", "webhook", "command"])
        switch (item["webhook"], item["command"]) {
        case (nil, nil):
            return .sink(try AuditSettings(node, resolve: resolve))
        case (let webhook?, nil):
            let section = try webhook.object(known: ["url", "token-file", "tls-ca"])
            let url = try section.required("url")
            guard isURL(try url.string()) else { throw url.invalid("must be an http or https URL") }
            return .webhook(
                url: try url.string(),
                tokenFile: try section.string("token-file").map(resolve),
                authorities: try section.string("tls-ca").map(resolve)
            )
        case (nil, let command?):
            var words: [String] = []
            for word in try command.list() { words.append(try word.string()) }
            guard let program = words.first, program.contains("/") else {
                throw command.invalid("must begin with the path of a program")
            }
            return .command(program: resolve(program), arguments: Array(words.dropFirst()))
        default: throw node.invalid("must name one place")
        }
    }

    private static func isURL(_ text: String) -> Bool { text.hasPrefix("http://") || text.hasPrefix("https://") }
}
