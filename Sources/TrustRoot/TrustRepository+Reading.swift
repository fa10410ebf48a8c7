import Wire

extension TrustRepository {
    /// Files of this kind are read; larger ones aren't ours.
    public static let fileBytesMax = 1 << 20
    private static let rootsMax = 1000
    private static let targetsMax = 100_000

    /// Reads a repository. `read` gives a file's bytes by its path, or nil when there is none.
    ///
    /// The newest root must be signed by its own key and by the one before; targets by the offline key; files must be what
    /// the targets say. What the server signs may be missing or by a key that has been exchanged: it is signed anew.
    /// Throws `.missing`, `.malformed` and `.unsigned`, and what `read` throws.
    public init(reading read: (String) throws(TrustRootError) -> [UInt8]?) throws(TrustRootError) {
        func required(_ name: String) throws(TrustRootError) -> [UInt8] {
            guard let bytes = try read(name) else { throw .missing(file: name) }
            return bytes
        }
        var files: [String: [UInt8]] = [:]
        let first = try required("root.json")
        var newest = try RootMetadata(SignedMetadata(first, file: "root.json", role: .root))
        guard newest.version <= Self.rootsMax else { throw .malformed(file: "root.json", part: "version") }
        for version in 1...newest.version {
            if let bytes = try read("\(version).root.json") { files["\(version).root.json"] = bytes }
        }
        // The name without a version is written last: a newer root may be there already.
        while newest.version < Self.rootsMax, let bytes = try read("\(newest.version + 1).root.json") {
            let name = "\(newest.version + 1).root.json"
            let metadata = try SignedMetadata(bytes, file: name, role: .root)
            try metadata.verify(by: [newest.offline])
            newest = try RootMetadata(metadata)
            files[name] = bytes
        }
        let name = "\(newest.version).root.json"
        guard let bytes = files[name] else { throw .missing(file: name) }
        let metadata = try SignedMetadata(bytes, file: name, role: .root)
        newest = try RootMetadata(metadata)
        try metadata.verify(by: [newest.offline])
        files["root.json"] = bytes
        root = newest

        let online = try Self.online(read, root: newest, &files)
        snapshot = online.snapshot
        timestamp = online.timestamp
        isOnlineCurrent = online.isCurrent

        (targets, _) = try Self.targets(read, root: newest, from: snapshot?.targetsVersion ?? 1, &files)
        self.files = files
    }

    /// What the server signs, as far as it is there.
    private static func online(
        _ read: (String) throws(TrustRootError) -> [UInt8]?,
        root: RootMetadata,
        _ files: inout [String: [UInt8]]
    ) throws(TrustRootError) -> (
        timestamp: (version: Int, expiresSeconds: Int64, snapshotVersion: Int)?,
        snapshot: (version: Int, expiresSeconds: Int64, targetsVersion: Int)?, isCurrent: Bool
    ) {
        guard let bytes = try read("timestamp.json") else { return (nil, nil, false) }
        let metadata = try SignedMetadata(bytes, file: "timestamp.json", role: .timestamp)
        let head = try metadata.head()
        let snapshotVersion = try version(of: "snapshot.json", in: metadata)
        let name = "\(snapshotVersion).snapshot.json"
        guard let snapshotBytes = try read(name) else { throw .missing(file: name) }
        let snapshot = try SignedMetadata(snapshotBytes, file: name, role: .snapshot)
        let snapshotHead = try snapshot.head()
        guard snapshotHead.version == snapshotVersion else { throw .malformed(file: name, part: "version") }
        var isCurrent = true
        do throws(TrustRootError) {
            try metadata.verify(by: [root.online])
            try snapshot.verify(by: [root.online])
        } catch {
            isCurrent = false
        }
        files["timestamp.json"] = bytes
        files[name] = snapshotBytes
        if let before = try read("\(snapshotVersion - 1).snapshot.json") {
            files["\(snapshotVersion - 1).snapshot.json"] = before
        }
        return (
            (head.version, head.expiresSeconds, snapshotVersion),
            (snapshotHead.version, snapshotHead.expiresSeconds, try version(of: "targets.json", in: snapshot)),
            isCurrent
        )
    }

    /// The targets that the snapshot names, and newer ones that it doesn't name yet.
    private static func targets(
        _ read: (String) throws(TrustRootError) -> [UInt8]?,
        root: RootMetadata,
        from first: Int,
        _ files: inout [String: [UInt8]]
    ) throws(TrustRootError) -> (TargetsMetadata, Int) {
        var version = first
        while version < targetsMax, try read("\(version + 1).targets.json") != nil { version += 1 }
        // The one that is being replaced stays until clients have moved on.
        for older in [first, version - 1] where older >= 1 && older != version {
            guard let bytes = try read("\(older).targets.json"),
                let metadata = try? SignedMetadata(bytes, file: "\(older).targets.json", role: .targets),
                let targets = try? TargetsMetadata(metadata)
            else { continue }
            files["\(older).targets.json"] = bytes
            for target in targets.files {
                let path = path(target.name, target.digest)
                if let bytes = try read(path) { files[path] = bytes }
            }
        }
        let name = "\(version).targets.json"
        guard let bytes = try read(name) else { throw .missing(file: name) }
        let metadata = try SignedMetadata(bytes, file: name, role: .targets)
        try metadata.verify(by: [root.offline])
        let targets = try TargetsMetadata(metadata)
        guard targets.version == version else { throw .malformed(file: name, part: "version") }
        files[name] = bytes
        for target in targets.files {
            let path = path(target.name, target.digest)
            guard let content = try read(path) else { throw .missing(file: path) }
            let found = TrustTarget(name: target.name, bytes: content, legacy: nil)
            guard found.digest == target.digest, content.count == target.byteCount else {
                throw .malformed(file: path, part: "content")
            }
            files[path] = content
        }
        return (targets, version)
    }

    private static func version(of file: String, in metadata: SignedMetadata) throws(TrustRootError) -> Int {
        guard let version = metadata.signed["meta"]?[file]?["version"]?.integer,
            (1...Int64(targetsMax)).contains(version)
        else { throw .malformed(file: metadata.file, part: "meta") }
        return Int(version)
    }
}
