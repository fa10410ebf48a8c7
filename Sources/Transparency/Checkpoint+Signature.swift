public import Keys

extension NoteSignature.KeyID {
    /// The identifier of an ECDSA key as Sigstore's logs have it: the first four bytes of the ``LogID``, whatever the
    /// name (signed-note leaves it open to a signer).
    public init(ecdsaKey key: LogID) {
        self.init(key.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
}

extension NoteSignature {
    /// Signs a note's text as Sigstore's logs do: DER ECDSA over its SHA-256. Throws `.unsupportedLogKey` for a key that
    /// isn't P-256, and `.signingFailed`.
    public init(signing text: String, as name: LogOrigin, with key: SigningKey) throws(TransparencyError) {
        guard key.publicKey.algorithm == .p256 else { throw .unsupportedLogKey(key.publicKey.algorithm) }
        let signature: [UInt8]
        do { signature = try key.sign(Array(text.utf8)) } catch { throw .signingFailed(error) }
        self.init(name: name, keyID: KeyID(ecdsaKey: LogID(of: key.publicKey)), signature: signature)
    }
}

extension Checkpoint {
    /// The checkpoint as a note with one signature, see ``NoteSignature/init(signing:as:with:)``.
    public func signed(with key: SigningKey) throws(TransparencyError) -> SignedNote {
        try SignedNote(text: text, signatures: [try NoteSignature(signing: text, as: origin, with: key)])
    }

    /// Reads and verifies a checkpoint of the log `origin` with the P-256 key `key`; signatures by others are ignored.
    /// Throws what reading a ``Checkpoint`` throws, `.originMismatch`, `.notSigned`, `.signatureInvalid(.checkpoint)` when
    /// one signature by the key is bad, and `.unsupportedLogKey`.
    public init(verifying note: SignedNote, origin: LogOrigin, key: PublicKey) throws(TransparencyError) {
        guard key.algorithm == .p256 else { throw .unsupportedLogKey(key.algorithm) }
        self = try Checkpoint(text: note.text)
        guard self.origin == origin else { throw .originMismatch(expected: origin) }
        let keyID = NoteSignature.KeyID(ecdsaKey: LogID(of: key))
        let lines = note.signatures.filter { $0.name == origin && $0.keyID == keyID }
        guard !lines.isEmpty else { throw .notSigned(by: origin) }
        for line in lines {
            do {
                try key.verify(line.signature, over: Array(note.text.utf8), with: .ecdsa(.sha256))
            } catch {
                throw .signatureInvalid(.checkpoint)
            }
        }
    }
}
