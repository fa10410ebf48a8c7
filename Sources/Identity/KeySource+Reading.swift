import Fetching
import Settings

extension KeySource {
    /// The keys of an entry that are read here.
    static let keys = ["ca-cert", "ca-file", "token-file", "proxy", "jwks-file", "jwks-lifetime", "max-stale"]

    /// Fetched keys are good for five minutes, those in a file for five seconds; all for a day while the issuer is down.
    private static let lifetimeSeconds: Int64 = 300
    private static let fileLifetimeSeconds: Int64 = 5
    private static let maxStaleSeconds: Int64 = 86_400

    /// Reads and checks what an entry says about keys; the files that it names must be there and of use.
    init(
        _ entry: SettingsObject,
        _ url: String,
        _ type: IssuerType?,
        isPattern: Bool,
        readFile: FileReading
    ) throws(SettingsError) {
        jwksFile = try Self.jwksFile(entry, readFile)
        authorities = try Self.authorities(entry, url, isPattern: isPattern, readFile)
        tokenFile = try Self.tokenFile(entry, url, type, isPattern: isPattern, readFile)
        let names = ClusterFiles.issuers.map(IssuerURL.init)
        mayBeCluster = type == .kubernetes && names.contains { IssuerPattern(url, isPattern: isPattern).matches($0) }
        proxy = try Self.proxy(entry)
        lifetimes = try Self.lifetimes(entry)
    }

    private static func jwksFile(_ entry: SettingsObject, _ readFile: FileReading) throws(SettingsError) -> String? {
        guard let node = entry["jwks-file"] else { return nil }
        for key in ["ca-cert", "ca-file", "token-file", "proxy"] {
            if let other = entry[key] { throw other.invalid("can't stand beside jwks-file, for nothing is fetched") }
        }
        let path = try node.string()
        guard let bytes = readFile(path) else { throw node.invalid(unreadable) }
        guard let set = try? JSONWebKeySet(json: bytes), !set.keys.isEmpty else {
            throw node.invalid("must be the path of a JSON Web Key Set with at least one key that can be used")
        }
        return path
    }

    /// OIDC-10
    private static func authorities(
        _ entry: SettingsObject,
        _ url: String,
        isPattern: Bool,
        _ readFile: FileReading
    ) throws(SettingsError) -> Authorities? {
        let kind = isPattern ? "meta issuer" : "issuer"
        switch (entry["ca-cert"], entry["ca-file"]) {
        case (nil, nil): return nil
        case (let node?, nil):
            let pem = Array(try node.string().utf8)
            guard isCertificates(pem) else { throw node.invalid("failed to parse CA certificate for \(kind) \(url)") }
            return .inline(pem)
        case (nil, let node?):
            let path = try node.string()
            guard let pem = readFile(path) else { throw node.invalid(unreadable) }
            guard isCertificates(pem) else { throw node.invalid("failed to parse CA certificate for \(kind) \(url)") }
            return .file(path)
        case (_?, let node?): throw node.invalid("can't stand beside ca-cert: choose one")
        }
    }

    private static func tokenFile(
        _ entry: SettingsObject,
        _ url: String,
        _ type: IssuerType?,
        isPattern: Bool,
        _ readFile: FileReading
    ) throws(SettingsError) -> String? {
        guard let node = entry["token-file"] else { return nil }
        // A pattern lets the bearer of a token say which host is asked: none of them gets our own.
        guard type == .kubernetes, !isPattern, url.hasPrefix("https://") else {
            throw node.invalid("only an https issuer of type kubernetes, not a pattern, is shown a token")
        }
        let path = try node.string()
        guard readFile(path) != nil else { throw node.invalid(unreadable) }
        return path
    }

    private static func proxy(_ entry: SettingsObject) throws(SettingsError) -> ProxyChoice? {
        guard let node = entry["proxy"] else { return nil }
        guard let choice = ProxyChoice(try node.string()) else {
            throw node.invalid("must be environment, none, or an http or https URL without a password")
        }
        return choice
    }

    private static func lifetimes(_ entry: SettingsObject) throws(SettingsError) -> KeySetState.Lifetimes {
        let usual = entry["jwks-file"] == nil ? lifetimeSeconds : fileLifetimeSeconds
        let lifetime = try entry["jwks-lifetime"]?.duration().components.seconds ?? usual
        let maxStale = try entry["max-stale"]?.duration().components.seconds ?? maxStaleSeconds
        if let node = entry["jwks-lifetime"], lifetime < 1 { throw node.invalid("must be at least 1s") }
        return KeySetState.Lifetimes(lifetime: lifetime, maxStale: maxStale)
    }

    private static let unreadable = "must be the path of a file that can be read, of at most 1 MiB"
}
