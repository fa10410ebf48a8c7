import Keys
import Wire

/// Which keys the roles have: one for root and targets that is kept offline, one for snapshot and timestamp that the server
/// has (TUF 1.0 §4.3).
struct RootMetadata {
    /// Counts up by one with each root.
    let version: Int
    /// When it ends, in seconds since 1970.
    let expiresSeconds: Int64
    /// Signs roots and targets.
    let offline: TUFKey
    /// Signs snapshots and timestamps.
    let online: TUFKey

    /// Reads a root; the signatures are ``SignedMetadata``'s to check. Throws `.malformed`, also for a root with other
    /// numbers of keys than ours have.
    init(_ metadata: SignedMetadata) throws(TrustRootError) {
        (version, expiresSeconds) = try metadata.head()
        var keys: [TUFRole: TUFKey] = [:]
        for role in TUFRole.allCases {
            guard let section = metadata.signed["roles"]?[role.rawValue], section["threshold"]?.integer == 1,
                let id = section["keyids"]?.elements.flatMap({ $0.count == 1 ? $0[0].string : nil }),
                let pem = metadata.signed["keys"]?[id]?["keyval"]?["public"]?.string,
                let key = try? TUFKey(PublicKey(pem: Array(pem.utf8))), key.id == id
            else { throw .malformed(file: metadata.file, part: "role \(role.rawValue)") }
            keys[role] = key
        }
        guard let offline = keys[.root], offline == keys[.targets], let online = keys[.timestamp],
            online == keys[.snapshot]
        else { throw .malformed(file: metadata.file, part: "roles") }
        self.offline = offline
        self.online = online
    }

    init(version: Int, expiresSeconds: Int64, offline: TUFKey, online: TUFKey) {
        self.version = version
        self.expiresSeconds = expiresSeconds
        self.offline = offline
        self.online = online
    }

    var json: JSONText {
        let keys = offline == online ? [offline] : [offline, online]
        return SignedMetadata.members(
            .root,
            version: version,
            expiresSeconds: expiresSeconds,
            [
                ("consistent_snapshot", .bool(true)),
                ("keys", .object(keys.map { ($0.id, $0.json) })),
                (
                    "roles",
                    .object(
                        TUFRole.allCases.map { role in
                            let id = key(of: role).id
                            return (
                                role.rawValue,
                                .object([("keyids", .array([.string(id)])), ("threshold", .integer(1))])
                            )
                        }
                    )
                ),
            ]
        )
    }

    private func key(of role: TUFRole) -> TUFKey {
        switch role {
        case .root, .targets: offline
        case .snapshot, .timestamp: online
        }
    }
}
