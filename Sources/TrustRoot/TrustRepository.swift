public import Keys
import Wire

/// A TUF repository in memory: every file that is served, and what the newest of each role says.
///
/// 1. A client that has any root of the past gets to the newest one: all of them are kept, each signed by the key of the
///    one before it and by its own.
/// 2. Versions only grow. Targets are named by the newest snapshot only after they were found signed by the offline key.
/// 3. Names of files hold their version or digest, except `root.json` and `timestamp.json` (consistent snapshots), so what
///    a client is about to fetch stays what it was.
public struct TrustRepository: Sendable {
    /// The files by the paths that they are served under.
    public internal(set) var files: [String: [UInt8]] = [:]

    var root: RootMetadata
    var targets: TargetsMetadata
    var snapshot: (version: Int, expiresSeconds: Int64, targetsVersion: Int)?
    var timestamp: (version: Int, expiresSeconds: Int64, snapshotVersion: Int)?
    /// Whether the newest snapshot and timestamp are signed by the root's online key.
    var isOnlineCurrent: Bool

    /// Makes a repository whose root and targets are signed, and publishes it.
    ///
    /// Throws ``TrustRootError``, such as `.keyUnsupported` for keys other than P-256.
    public init(
        _ contents: [TrustTarget],
        offline: SigningKey,
        online: SigningKey,
        lifetimes: TrustLifetimes,
        at seconds: Int64
    ) throws(TrustRootError) {
        root = RootMetadata(
            version: 1,
            expiresSeconds: seconds + lifetimes.rootSeconds,
            offline: try TUFKey(offline.publicKey),
            online: try TUFKey(online.publicKey)
        )
        let json = TargetsMetadata.json(contents, version: 1, expiresSeconds: seconds + lifetimes.targetsSeconds)
        let signed = try SignedMetadata.encode(json, keys: [offline])
        targets = try TargetsMetadata(SignedMetadata(signed, file: "1.targets.json", role: .targets))
        isOnlineCurrent = false
        put(try SignedMetadata.encode(root.json, keys: [offline]))
        put(signed, contents)
        try publish(online: online, lifetimes: lifetimes, at: seconds)
    }

    /// When a role's newest file ends, in seconds since 1970.
    public func expiresSeconds(_ role: TUFRole) -> Int64 {
        switch role {
        case .root: root.expiresSeconds
        case .targets: targets.expiresSeconds
        case .snapshot: snapshot?.expiresSeconds ?? 0
        case .timestamp: timestamp?.expiresSeconds ?? 0
        }
    }

    /// A role's newest version.
    public func version(_ role: TUFRole) -> Int {
        switch role {
        case .root: root.version
        case .targets: targets.version
        case .snapshot: snapshot?.version ?? 0
        case .timestamp: timestamp?.version ?? 0
        }
    }

    /// Whether a role's newest file must be made anew: a third of its life is left, or less; or it would live longer than is
    /// wanted now.
    public func isDue(_ role: TUFRole, lifetimes: TrustLifetimes, at seconds: Int64) -> Bool {
        let left = expiresSeconds(role) - seconds
        return left <= lifetimes[role] / 3 || left > lifetimes[role]
    }

    /// Whether these are the files that the newest targets name.
    public func names(_ contents: [TrustTarget]) -> Bool {
        let named = Dictionary(targets.files.map { ($0.name, $0.digest) }) { first, _ in first }
        return named == Dictionary(contents.map { ($0.name, $0.digest) }) { first, _ in first }
    }

    /// Whether the newest targets name these files as they are, besides others.
    public func has(_ contents: [TrustTarget]) -> Bool {
        contents.allSatisfy { content in
            targets.files.contains { $0.name == content.name && $0.digest == content.digest }
        }
    }

    /// The content of a file that the newest targets name.
    public func target(_ name: String) -> [UInt8]? {
        targets.files.first { $0.name == name }.flatMap { files[Self.path($0.name, $0.digest)] }
    }

    /// The keys' names: the offline one's and the online one's.
    public var keyIDs: (offline: String, online: String) { (root.offline.id, root.online.id) }

    /// The offline role's key, which the next root and the next targets must be signed by.
    public var offlineKey: PublicKey { root.offline.publicKey }

    /// The key that snapshots and timestamps must be signed by.
    public var onlineKey: PublicKey { root.online.publicKey }

    static func path(_ name: String, _ digest: String) -> String { "targets/\(digest).\(name)" }

    /// The newest root.
    mutating func put(_ root: [UInt8]) {
        files["\(self.root.version).root.json"] = root
        files["root.json"] = root
    }

    /// The newest targets and their files.
    mutating func put(_ signed: [UInt8], _ contents: [TrustTarget]) {
        files["\(targets.version).targets.json"] = signed
        for target in contents { files[Self.path(target.name, target.digest)] = target.bytes }
    }
}
