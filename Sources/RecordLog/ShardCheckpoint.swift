import Keys
import Transparency
import Wire

/// A checkpoint as Rekor v1 has it: signed in the name of the log's host, while the origin says which of its trees.
///
/// ```
/// <host> - <tree, decimal>
/// <size>
/// <base64 root>
///
/// — <host> <base64(SHA-256(SubjectPublicKeyInfo)[:4] || ECDSA in DER)>
/// ```
///
/// Clients know a checkpoint of Rekor v1 by the origin's form, which no other log's name has: a name has no space (C2SP
/// signed-note). So this is no ``Transparency/Checkpoint``.
struct ShardCheckpoint: Sendable, Equatable {
    /// The note's bytes.
    let encoded: [UInt8]

    /// Signs a tree that a stored checkpoint of the log covers: so no other tree of its size is ever signed. Throws
    /// `.unsupportedLogKey` and `.signingFailed`.
    init(
        size: TreeSize,
        root: MerkleHash,
        host: LogOrigin,
        tree: TreeID,
        key: SigningKey
    ) throws(TransparencyError) {
        let text = "\(host.name) - \(tree)\n\(size)\n\(Base64.encode(root.bytes))\n"
        let line = try NoteSignature(signing: text, as: host, with: key)
        encoded = try SignedNote(text: text, signatures: [line]).encoded
    }
}
