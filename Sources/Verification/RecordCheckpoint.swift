import Keys
import Transparency
import Wire

/// A record log's signed checkpoint. Rekor v1 has names with spaces, `<host> - <tree ID>`, which no signed note's key may
/// have: there the signature line's name is free, and only the key counts.
struct RecordCheckpoint {
    /// The first line: which log and tree.
    let name: String
    /// How many entries.
    let size: TreeSize
    /// The Merkle Tree Hash over them.
    let root: MerkleHash

    private let note: SignedNote

    /// Reads the note. Throws `.checkpointMalformed`.
    init(_ bytes: [UInt8]) throws(LogProblem) {
        guard let note = try? SignedNote(encoded: bytes) else { throw .checkpointMalformed }
        let lines = note.text.utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }), let size = TreeSize(decimal: lines[1]),
            let hash = try? Base64.decode(lines[2]), let root = MerkleHash(bytes: hash)
        else { throw .checkpointMalformed }
        name = String(decoding: lines[0], as: UTF8.self)
        self.size = size
        self.root = root
        self.note = note
    }

    /// Returns when the log's key signed it, and it is of a tree of Rekor v1. Throws `.checkpointOrigin`,
    /// `.checkpointNotSigned` and `.checkpointSignatureInvalid`.
    func verifyVersion1(_ log: TrustedLog) throws(LogProblem) {
        guard name.wholeMatch(of: /.* - [0-9]+/) != nil else {
            throw .checkpointOrigin(expected: "a tree of Rekor v1, \"<host> - <tree ID>\"")
        }
        // Rekor v1 names keys of every kind as it does ECDSA's.
        let keyID = NoteSignature.KeyID(ecdsaKey: LogID(of: log.key))
        try verify(note.signatures.filter { $0.keyID == keyID }, log)
    }

    /// Returns when the log's key signed it under the name of the log's host. Signatures by others, such as those of
    /// witnesses, are passed over. Throws `.hostMissing`, `.checkpointOrigin`, `.checkpointNotSigned` and
    /// `.checkpointSignatureInvalid`.
    func verifyVersion2(_ log: TrustedLog) throws(LogProblem) {
        guard let origin = try? LogOrigin(log.host) else { throw .hostMissing }
        guard name == origin.name else { throw .checkpointOrigin(expected: origin.name) }
        let keyID = NoteSignature.KeyID(name: origin, signerKey: log.key)
        try verify(note.signatures.filter { $0.name == origin && $0.keyID == keyID }, log)
    }

    /// Every line that says to be the log's must be.
    private func verify(_ lines: [NoteSignature], _ log: TrustedLog) throws(LogProblem) {
        guard !lines.isEmpty else { throw .checkpointNotSigned }
        let text = Array(note.text.utf8)
        for line in lines {
            do { try log.key.verify(line.signature, over: text, with: log.key.algorithm.usualScheme) } catch {
                throw .checkpointSignatureInvalid
            }
        }
    }
}
