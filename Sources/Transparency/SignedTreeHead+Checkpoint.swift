public import Keys
import Wire

extension SignedTreeHead {
    /// The head as a checkpoint of a certificate log; the signature is this one, and no key is needed.
    ///
    /// ```
    /// struct {                                  static-ct-api, "Checkpoints"
    ///     uint64 timestamp;
    ///     TreeHeadSignature signature;
    /// } RFC6962NoteSignature;
    /// ```
    public func checkpoint(origin: LogOrigin, logID: LogID) throws(TransparencyError) -> SignedNote {
        var body = TLSWriter()
        body.u64(head.timestamp.milliseconds)
        body.bytes(signature.encoded)
        let line = NoteSignature(
            name: origin,
            keyID: NoteSignature.KeyID(name: origin, treeHeadKey: logID),
            signature: body.bytes
        )
        return try SignedNote(
            text: Checkpoint(origin: origin, size: head.size, root: head.root).text,
            signatures: [line]
        )
    }

    /// Reads and verifies a checkpoint of the certificate log `origin` with the key `key`; signatures by others are
    /// ignored. Throws what reading a ``Checkpoint`` throws, `.originMismatch`, `.malformed(.checkpoint)` for
    /// extension lines, `.notSigned`, `.malformed(.digitallySigned)`, `.signatureInvalid(.treeHead)` when one
    /// signature by the key is bad, and `.unsupportedLogKey`.
    public init(checkpoint note: SignedNote, origin: LogOrigin, key: PublicKey) throws(TransparencyError) {
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin == origin else { throw .originMismatch(expected: origin) }
        guard checkpoint.extensionLines.isEmpty else { throw .malformed(.checkpoint) }
        let keyID = NoteSignature.KeyID(name: origin, treeHeadKey: LogID(of: key))
        var verified: SignedTreeHead?
        for line in note.signatures where line.name == origin && line.keyID == keyID {
            guard line.signature.count > 8 else { throw .malformed(.digitallySigned) }
            let milliseconds = line.signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let head = TreeHead(
                size: checkpoint.size,
                root: checkpoint.root,
                timestamp: EntryTimestamp(milliseconds: milliseconds)
            )
            let signed = SignedTreeHead(
                head: head,
                signature: try DigitallySigned(encoded: Array(line.signature.dropFirst(8)))
            )
            try signed.verify(key: key)
            verified = verified ?? signed
        }
        guard let verified else { throw .notSigned(by: origin) }
        self = verified
    }
}
