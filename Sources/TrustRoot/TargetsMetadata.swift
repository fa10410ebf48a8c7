import Keys
import Wire

/// What the files of the repository are (TUF 1.0 §4.5).
struct TargetsMetadata {
    /// Counts up by one with each change.
    let version: Int
    /// When it ends, in seconds since 1970.
    let expiresSeconds: Int64
    /// Names, lengths and SHA-256 digests of the files.
    let files: [(name: String, byteCount: Int, digest: String)]

    /// Reads one. Throws `.malformed`.
    init(_ metadata: SignedMetadata) throws(TrustRootError) {
        (version, expiresSeconds) = try metadata.head()
        var files: [(name: String, byteCount: Int, digest: String)] = []
        for (name, target) in metadata.signed["targets"]?.members ?? [] {
            guard Self.isName(name), let length = target["length"]?.integer, (0...(1 << 22)).contains(length),
                let digest = target["hashes"]?["sha256"]?.string, digest.utf8.count == 64,
                digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            else { throw .malformed(file: metadata.file, part: "target \(name)") }
            files.append((name, Int(length), digest))
        }
        self.files = files
    }

    /// Only what is a file's name everywhere: it becomes a path.
    private static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || [0x2D, 0x2E, 0x5F].contains(byte)
            }
    }

    /// The metadata of these files.
    static func json(_ targets: [TrustTarget], version: Int, expiresSeconds: Int64) -> JSONText {
        SignedMetadata.members(
            .targets,
            version: version,
            expiresSeconds: expiresSeconds,
            [("targets", .object(targets.map { ($0.name, json($0)) }))]
        )
    }

    private static func json(_ target: TrustTarget) -> JSONText {
        var members: [(String, JSONText)] = [
            ("hashes", .object([("sha256", .string(target.digest))])),
            ("length", .integer(Int64(target.bytes.count))),
        ]
        if let legacy = target.legacy {
            let sigstore: [(String, JSONText)] = [
                ("status", .string(legacy.isExpired ? "Expired" : "Active")), ("uri", .string(legacy.url)),
                ("usage", .string(legacy.usage)),
            ]
            members.append(("custom", .object([("sigstore", .object(sigstore))])))
        }
        return .object(members)
    }
}
