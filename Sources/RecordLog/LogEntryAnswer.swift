import Transparency
public import Wire

/// An entry as Rekor v1 shows it: with the promise, and the proof that a signed tree holds it.
public struct LogEntryAnswer: Sendable, Equatable {
    /// What the answer names it by.
    public let id: EntryID
    let body: [UInt8]
    let integratedTimeSeconds: Int64
    let logID: LogID
    let timestamp: SignedEntryTimestamp
    let proof: InclusionProof
    let root: MerkleHash
    let checkpoint: ShardCheckpoint

    /// One object with one member, as POST and GET answer:
    ///
    /// ```
    /// {"<entry id>": {"body": base64, "integratedTime": seconds, "logID": hex, "logIndex": number,
    ///   "verification": {"inclusionProof": {"checkpoint": note, "hashes": [hex], "logIndex": number,
    ///                                       "rootHash": hex, "treeSize": number},
    ///                    "signedEntryTimestamp": base64}}}
    /// ```
    public var json: JSONText {
        let index = JSONText.integer(Int64(clamping: proof.index.value))
        let inclusion = JSONText.object([
            ("checkpoint", .string(String(decoding: checkpoint.encoded, as: UTF8.self))),
            ("hashes", .array(proof.path.map { .string(Hexadecimal.encode($0.bytes)) })),
            ("logIndex", index),
            ("rootHash", .string(Hexadecimal.encode(root.bytes))),
            ("treeSize", .integer(Int64(clamping: proof.size.value))),
        ])
        let entry = JSONText.object([
            ("body", .string(Base64.encode(body))),
            ("integratedTime", .integer(integratedTimeSeconds)),
            ("logID", .string(Hexadecimal.encode(logID.bytes))),
            ("logIndex", index),
            (
                "verification",
                .object([
                    ("inclusionProof", inclusion),
                    ("signedEntryTimestamp", .string(Base64.encode(timestamp.signature))),
                ])
            ),
        ])
        return .object([(id.description, entry)])
    }
}
