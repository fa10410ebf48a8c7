import Transparency
import Wire

extension Bundle {
    /// Reads the entries of logs, and checks that each has what its kind and the bundle's version want.
    static func entries(_ material: ProtoObject, version: BundleVersion) throws(BundleProblem) -> [LogEntry] {
        let items = try reading { () throws(ProtoFault) in
            try material.objects("tlogEntries", max: itemsMax, fields: LogEntry.fields)
        }
        var entries: [LogEntry] = []
        for item in items {
            let entry = try LogEntry(item)
            guard !entries.contains(where: { $0.logID == entry.logID && $0.index == entry.index }) else {
                throw .entryRepeated
            }
            if entry.kind.isVersion2 {
                guard entry.promise == nil, entry.integratedSeconds == 0 else { throw .promiseNotAllowed }
                guard entry.inclusion != nil else { throw .proofMissing }
            } else if version == .v01 {
                guard entry.promise != nil else { throw .promiseMissing }
            } else {
                guard entry.inclusion != nil else { throw .proofMissing }
            }
            entries.append(entry)
        }
        return entries
    }
}

extension LogEntry {
    static let fields = [
        "logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof",
        "canonicalizedBody",
    ]

    /// Reads a Rekor v2 log's answer to `POST /api/v2/log/entries`. Throws ``BundleProblem``.
    public init(json: [UInt8]) throws(BundleProblem) {
        let entry = try Bundle.reading { () throws(ProtoFault) in
            try ProtoObject(parsing: json, limits: JSONLimits(bytesMax: Bundle.bytesMax), fields: Self.fields)
        }
        try self.init(entry)
    }

    /// Reads one entry. Throws ``BundleProblem``.
    init(_ entry: ProtoObject) throws(BundleProblem) {
        let (id, kind, promise, proof) = try Bundle.reading { () throws(ProtoFault) in
            (
                try entry.required("logId", fields: ["keyId"]).bytes("keyId"),
                try entry.required("kindVersion", fields: ["kind", "version"]),
                try entry.object("inclusionPromise", fields: ["signedEntryTimestamp"])?.bytes("signedEntryTimestamp"),
                try entry.object(
                    "inclusionProof",
                    fields: ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"]
                )
            )
        }
        let (name, version, body, seconds, index) = try Bundle.reading { () throws(ProtoFault) in
            (
                try kind.text("kind"), try kind.text("version"), try entry.bytes("canonicalizedBody"),
                try entry.integer("integratedTime"), try entry.integer("logIndex")
            )
        }
        guard let kind = EntryKind(name: name, version: version) else {
            throw .entryKindUnknown("\(name.prefix(40)) \(version.prefix(40))")
        }
        guard (1...64).contains(id.count) else { throw .entryMalformed("log ID") }
        guard !body.isEmpty else { throw .entryMalformed("body") }
        guard seconds >= 0 else { throw .entryMalformed("time") }
        guard index >= 0 else { throw .entryMalformed("index") }
        self.init(
            index: LeafIndex(UInt64(index)),
            logID: id,
            kind: kind,
            integratedSeconds: seconds,
            promise: promise.flatMap { $0.isEmpty ? nil : $0 },
            inclusion: try proof.map { proof throws(BundleProblem) in try Inclusion(proof) },
            body: body
        )
    }
}

extension LogEntry.Inclusion {
    /// As many as a tree of 2^64 leaves needs.
    private static let hashesMax = 64

    /// Reads the proof of an entry.
    init(_ proof: ProtoObject) throws(BundleProblem) {
        let (index, size, root, path, envelope) = try Bundle.reading { () throws(ProtoFault) in
            (
                try proof.integer("logIndex"), try proof.integer("treeSize"), try proof.bytes("rootHash"),
                try proof.byteStrings("hashes", max: Self.hashesMax),
                try proof.object("checkpoint", fields: ["envelope"])?.text("envelope") ?? ""
            )
        }
        guard !envelope.isEmpty else { throw .proofMissing }
        guard index >= 0, size >= 0 else { throw .entryMalformed("index or size in the proof") }
        guard root.isEmpty || root.count == MerkleHash.byteCount else { throw .entryMalformed("root in the proof") }
        let hashes = path.compactMap { MerkleHash(bytes: $0) }
        guard hashes.count == path.count else { throw .entryMalformed("hash in the proof") }
        self.init(
            index: LeafIndex(UInt64(index)),
            size: TreeSize(UInt64(size)),
            root: MerkleHash(bytes: root),
            path: hashes,
            checkpoint: Array(envelope.utf8)
        )
    }
}
