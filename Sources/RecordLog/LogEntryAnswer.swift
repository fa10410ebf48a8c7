import Keys
import Transparency
public import Wire

/// An entry as Rekor v1 shows it: with the promise, and the proof that a signed tree holds it.
public struct LogEntryAnswer: Sendable, Equatable {
    /// What the answer names it by.
    public let id: EntryID
    private let proven: ProvenRecord
    private let logID: LogID
    private let timestamp: SignedEntryTimestamp
    private let checkpoint: ShardCheckpoint

    /// Signs the promise and the checkpoint of an entry of this log. CPU work. Throws `.unsupportedLogKey` and
    /// `.signingFailed`.
    init(_ proven: ProvenRecord, host: LogOrigin, key: SigningKey) throws(TransparencyError) {
        logID = LogID(of: key.publicKey)
        let tree = TreeID(of: logID)
        id = EntryID(tree: tree, leafHash: proven.record.leafHash)
        timestamp = try SignedEntryTimestamp(
            body: proven.record.body,
            index: proven.record.index,
            integratedTimeSeconds: proven.record.integratedSeconds,
            key: key
        )
        checkpoint = try ShardCheckpoint(
            size: proven.proof.size,
            root: proven.root,
            host: host,
            tree: tree,
            key: key
        )
        self.proven = proven
    }

    /// One object with one member, as POST and GET answer:
    ///
    /// ```
    /// {"<entry id>": {"body": base64, "integratedTime": seconds, "logID": hex, "logIndex": number,
    ///   "verification": {"inclusionProof": {"checkpoint": note, "hashes": [hex], "logIndex": number,
    ///                                       "rootHash": hex, "treeSize": number},
    ///                    "signedEntryTimestamp": base64}}}
    /// ```
    public var json: JSONText {
        let index = JSONText.integer(Int64(clamping: proven.record.index.value))
        let proof = JSONText.object([
            ("checkpoint", .string(String(decoding: checkpoint.encoded, as: UTF8.self))),
            ("hashes", .array(proven.proof.path.map { .string(Hexadecimal.encode($0.bytes)) })),
            ("logIndex", index),
            ("rootHash", .string(Hexadecimal.encode(proven.root.bytes))),
            ("treeSize", .integer(Int64(clamping: proven.proof.size.value))),
        ])
        let verification = JSONText.object([
            ("inclusionProof", proof), ("signedEntryTimestamp", .string(Base64.encode(timestamp.signature))),
        ])
        let entry = JSONText.object([
            ("body", .string(Base64.encode(proven.record.body))),
            ("integratedTime", .integer(proven.record.integratedSeconds)),
            ("logID", .string(Hexadecimal.encode(logID.bytes))),
            ("logIndex", index),
            ("verification", verification),
        ])
        return .object([(id.description, entry)])
    }
}
