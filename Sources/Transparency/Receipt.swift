public import Keys
import Wire

/// A log's proof that it holds an entry, to be checked offline: the entry's place, the way from it to the root, and a
/// checkpoint of that tree.
///
/// ```
/// {"logId": base64, "leafIndex": number, "treeSize": number, "inclusionProof": [base64, …], "checkpoint": text}
/// ```
public struct Receipt: Sendable, Hashable {
    /// The most bytes a receipt has: 64 hashes and a checkpoint with the longest origin.
    public static let bytesMax = 1 << 13

    /// Which log.
    public let logID: LogID
    /// The way from the entry to the root.
    public let proof: InclusionProof
    /// The signed checkpoint's bytes (C2SP tlog-checkpoint).
    public let checkpoint: [UInt8]

    /// Puts the parts together; `verify` says whether they are worth anything.
    public init(logID: LogID, proof: InclusionProof, checkpoint: [UInt8]) {
        self.logID = logID
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// The JSON text, compact.
    public var encoded: [UInt8] {
        JSONText.object([
            ("logId", .string(Base64.encode(logID.bytes))),
            ("leafIndex", .integer(Int64(clamping: proof.index.value))),
            ("treeSize", .integer(Int64(clamping: proof.size.value))),
            ("inclusionProof", .array(proof.path.map { .string(Base64.encode($0.bytes)) })),
            ("checkpoint", .string(String(decoding: checkpoint, as: UTF8.self))),
        ]).encoded()
    }

    /// Reads a receipt: the JSON text, or the base64url of it as an HTTP header carries it. Throws `.malformed(.receipt)`.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        var text = encoded
        while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { text.removeLast() }
        if text.first != UInt8(ascii: "{") {
            guard let decoded = try? Base64.decodeURL(text) else { throw .malformed(.receipt) }
            text = decoded
        }
        guard text.count <= Self.bytesMax, let json = try? JSON.parse(text),
            let id = json["logId"]?.utf8Bytes, let idBytes = try? Base64.decode(id), let logID = LogID(bytes: idBytes),
            let index = json["leafIndex"]?.integer, index >= 0, let size = json["treeSize"]?.integer, size >= 0,
            let path = json["inclusionProof"]?.elements, path.count <= 64,
            let checkpoint = json["checkpoint"]?.utf8Bytes
        else { throw .malformed(.receipt) }
        var hashes: [MerkleHash] = []
        for element in path {
            guard let text = element.utf8Bytes, let bytes = try? Base64.decode(text),
                let hash = MerkleHash(bytes: bytes)
            else { throw .malformed(.receipt) }
            hashes.append(hash)
        }
        self.init(
            logID: logID,
            proof: InclusionProof(index: LeafIndex(UInt64(index)), size: TreeSize(UInt64(size)), path: hashes),
            checkpoint: checkpoint
        )
    }

    /// Checks that the log with this key holds the leaf, and returns the signed tree. The origin is the checkpoint's own
    /// where none is given: the key says which log it is. Throws `.logIDMismatch`, what reading the note and the
    /// checkpoint throws, `.malformed(.receipt)` when the proof is for a tree of another size, and
    /// `.inclusionNotProven`.
    public func verify(
        leafHash: MerkleHash,
        key: PublicKey,
        origin: LogOrigin? = nil
    ) throws(TransparencyError) -> TreeHead {
        guard logID == LogID(of: key) else { throw .logIDMismatch(expected: LogID(of: key)) }
        let note = try SignedNote(encoded: checkpoint)
        let written = try Checkpoint(text: note.text).origin
        let head = try SignedTreeHead(checkpoint: note, origin: origin ?? written, key: key).head
        guard head.size == proof.size else { throw .malformed(.receipt) }
        try proof.verify(leafHash: leafHash, root: head.root)
        return head
    }
}
