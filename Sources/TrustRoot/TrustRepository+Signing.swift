public import Keys
import Wire

extension TrustRepository {
    /// Signs targets of the next version that name these files; ``publish(online:lifetimes:at:)`` makes clients see them.
    /// Throws `.wrongKey` when the key isn't the root's offline one.
    public mutating func renewTargets(
        _ contents: [TrustTarget],
        offline: SigningKey,
        lifetimes: TrustLifetimes,
        at seconds: Int64
    ) throws(TrustRootError) {
        guard offline.publicKey == root.offline.publicKey else { throw .wrongKey(role: .targets) }
        let version = targets.version + 1
        let expires = seconds + lifetimes.targetsSeconds
        let json = TargetsMetadata.json(contents, version: version, expiresSeconds: expires)
        let signed = try SignedMetadata.encode(json, keys: [offline])
        targets = try TargetsMetadata(SignedMetadata(signed, file: "\(version).targets.json", role: .targets))
        put(signed, contents)
    }

    /// Signs a root of the next version, with new keys where they are given: by the offline key of the one before and, if
    /// that is exchanged, by the new one too, so that clients follow. What an exchanged key has signed must be signed anew.
    ///
    /// Throws `.wrongKey` when `offline` isn't the present root's.
    public mutating func renewRoot(
        offline: SigningKey,
        newOffline: SigningKey? = nil,
        newOnline: PublicKey? = nil,
        lifetimes: TrustLifetimes,
        at seconds: Int64
    ) throws(TrustRootError) {
        guard offline.publicKey == root.offline.publicKey else { throw .wrongKey(role: .root) }
        let next = RootMetadata(
            version: root.version + 1,
            expiresSeconds: seconds + lifetimes.rootSeconds,
            offline: try TUFKey((newOffline ?? offline).publicKey),
            online: try newOnline.map { key throws(TrustRootError) in try TUFKey(key) } ?? root.online
        )
        let signed = try SignedMetadata.encode(next.json, keys: [offline] + (newOffline.map { [$0] } ?? []))
        if next.online != root.online { isOnlineCurrent = false }
        root = next
        put(signed)
    }

    /// Signs what the server may sign, where it must: a snapshot when the targets have changed or a third of its life is
    /// left, and a timestamp when the snapshot has or a third of its own is. Whether anything was signed.
    ///
    /// Throws `.wrongKey` when the key isn't the root's online one.
    @discardableResult
    public mutating func publish(
        online: SigningKey,
        lifetimes: TrustLifetimes,
        at seconds: Int64
    ) throws(TrustRootError) -> Bool {
        guard online.publicKey == root.online.publicKey else { throw .wrongKey(role: .timestamp) }
        var isSnapshotNew = false
        if !isOnlineCurrent || snapshot?.targetsVersion != targets.version
            || isDue(.snapshot, lifetimes: lifetimes, at: seconds)
        {
            let version = (snapshot?.version ?? 0) + 1
            let expires = seconds + lifetimes.snapshotSeconds
            let members = Self.meta("targets.json", version: targets.version)
            let json = SignedMetadata.members(.snapshot, version: version, expiresSeconds: expires, members)
            files["\(version).snapshot.json"] = try SignedMetadata.encode(json, keys: [online])
            // A client that has just read the timestamp still asks for the one before.
            files["\(version - 2).snapshot.json"] = nil
            snapshot = (version, expires, targets.version)
            isSnapshotNew = true
        }
        guard isSnapshotNew || isDue(.timestamp, lifetimes: lifetimes, at: seconds) else { return false }
        let version = (timestamp?.version ?? 0) + 1
        let expires = seconds + lifetimes.timestampSeconds
        let snapshotVersion = snapshot?.version ?? 0
        let members = Self.meta("snapshot.json", version: snapshotVersion)
        let json = SignedMetadata.members(.timestamp, version: version, expiresSeconds: expires, members)
        files["timestamp.json"] = try SignedMetadata.encode(json, keys: [online])
        timestamp = (version, expires, snapshotVersion)
        isOnlineCurrent = true
        return true
    }

    private static func meta(_ file: String, version: Int) -> [(String, JSONText)] {
        [("meta", .object([(file, .object([("version", .integer(Int64(version)))]))]))]
    }
}
