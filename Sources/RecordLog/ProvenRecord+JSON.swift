public import Transparency
import Wire

extension ProvenRecord {
    /// The answer of Rekor v2: a `dev.sigstore.rekor.v1.TransparencyLogEntry`, numbers of 64 bits as texts.
    ///
    /// ```
    /// message TransparencyLogEntry {
    ///   int64 log_index = 1; LogId log_id = 2; KindVersion kind_version = 3; int64 integrated_time = 4;
    ///   InclusionPromise inclusion_promise = 5; InclusionProof inclusion_proof = 6; bytes canonicalized_body = 7;
    /// }
    /// ```
    /// Rekor v2 promises nothing and says no time: those stay empty.
    public func transparencyLogEntry(of logID: LogID) -> [UInt8] {
        let index = JSONText.string("\(record.index)")
        let proof = JSONText.object([
            ("logIndex", index),
            ("rootHash", .string(Base64.encode(root.bytes))),
            ("treeSize", .string("\(proof.size)")),
            ("hashes", .array(proof.path.map { .string(Base64.encode($0.bytes)) })),
            ("checkpoint", .object([("envelope", .string(String(decoding: checkpoint, as: UTF8.self)))])),
        ])
        return JSONText.object([
            ("logIndex", index),
            ("logId", .object([("keyId", .string(Base64.encode(logID.bytes)))])),
            ("kindVersion", .object([("kind", .string("hashedrekord")), ("version", .string("0.0.2"))])),
            ("integratedTime", .string("0")),
            ("inclusionPromise", .null),
            ("inclusionProof", proof),
            ("canonicalizedBody", .string(Base64.encode(record.body))),
        ]).encoded()
    }
}
