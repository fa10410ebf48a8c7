public import Transparency
import Wire

/// What a log asks of a witness: a checkpoint, and the proof that the tree the witness knows is a prefix of it.
///
/// ```
/// old <size>                                tlog-witness, "add-checkpoint"
/// <base64 hash>                             at most 63
///
/// <checkpoint: text, empty line, signatures>
/// ```
/// The same bytes travel in HTTP and on removable media.
public struct AddCheckpointRequest: Sendable, Equatable {
    /// The most bytes a request may have here.
    public static let bytesMax = 1 << 16
    /// The most hashes a proof may have.
    public static let proofHashesMax = 63

    /// The size of the tree that the log believes the witness knows.
    public let oldSize: TreeSize
    /// The consistency proof from that tree (RFC 6962 §2.1.2).
    public let proof: [MerkleHash]
    /// The checkpoint as it was signed.
    public let note: SignedNote

    /// Puts the parts together.
    public init(oldSize: TreeSize, proof: [MerkleHash], note: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// The request's bytes.
    public var encoded: [UInt8] {
        let lines = ["old \(oldSize)"] + proof.map { Base64.encode($0.bytes) }
        return Array(lines.joined(separator: "\n").utf8) + Array("\n\n".utf8) + note.encoded
    }

    /// Reads a request. Throws `.malformed` for anything that the specification forbids, and past `bytesMax`.
    public init(encoded: [UInt8]) throws(WitnessRefusal) {
        let newline = UInt8(ascii: "\n")
        guard encoded.count <= Self.bytesMax,
            let end = encoded.indices.dropFirst().first(where: { encoded[$0] == newline && encoded[$0 - 1] == newline })
        else { throw .malformed }
        let lines = encoded[..<end].dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard let first = lines.first, first.starts(with: "old ".utf8), lines.count <= Self.proofHashesMax + 1,
            let size = TreeSize(decimal: first.dropFirst("old ".utf8.count)),
            let note = try? SignedNote(encoded: Array(encoded[(end + 1)...]))
        else { throw .malformed }
        var proof: [MerkleHash] = []
        for line in lines.dropFirst() {
            guard let bytes = try? Base64.decode(Array(line)), let hash = MerkleHash(bytes: bytes) else {
                throw .malformed
            }
            proof.append(hash)
        }
        self.init(oldSize: size, proof: proof, note: note)
    }

    /// The same request with one more signature line under the checkpoint.
    public func adding(_ line: NoteSignature) throws(TransparencyError) -> AddCheckpointRequest {
        let others = note.signatures.filter { $0.name != line.name || $0.keyID != line.keyID }
        return AddCheckpointRequest(
            oldSize: oldSize,
            proof: proof,
            note: try SignedNote(text: note.text, signatures: others + [line])
        )
    }
}
