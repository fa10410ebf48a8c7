import Keys
import Testing
import Transparency
import Wire

@Suite("C2SP tlog-checkpoint: checkpoints signed as text")
struct CheckpointSignatureTests {
    private let key = try? SigningKey.generate(.p256)

    private func checkpoint(_ origin: String = "log.example", size: UInt64 = 5) throws -> Checkpoint {
        Checkpoint(origin: try LogOrigin(origin), size: TreeSize(size), root: MerkleTree.leafHash([1]))
    }

    @Test func whatIsSignedIsRead() throws {
        let key = try #require(key)
        let note = try checkpoint().signed(with: key)
        #expect(note.text == "log.example\n5\n\(Base64.encode(MerkleTree.leafHash([1]).bytes))\n")
        let read = try Checkpoint(
            verifying: SignedNote(encoded: note.encoded),
            origin: LogOrigin("log.example"),
            key: key.publicKey
        )
        #expect(read == (try checkpoint()))
    }

    @Test func keyIdentifierIsTheBeginningOfTheLogIDWhateverTheName() throws {
        let key = try #require(key)
        let line = try #require(try checkpoint().signed(with: key).signatures.first)
        let id = LogID(of: key.publicKey).bytes
        #expect(line.keyID.value == id.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        #expect(try checkpoint("other").signed(with: key).signatures.first?.keyID == line.keyID)
    }

    @Test func everyChangeIsRefused() throws {
        let key = try #require(key)
        let note = try checkpoint().signed(with: key)
        let origin = try LogOrigin("log.example")
        let larger = try SignedNote(text: try checkpoint(size: 6).text, signatures: note.signatures)
        #expect(throws: TransparencyError.signatureInvalid(.checkpoint)) {
            try Checkpoint(verifying: larger, origin: origin, key: key.publicKey)
        }
        #expect(throws: TransparencyError.originMismatch(expected: try LogOrigin("other"))) {
            try Checkpoint(verifying: note, origin: LogOrigin("other"), key: key.publicKey)
        }
        let other = try SigningKey.generate(.p256)
        #expect(throws: TransparencyError.notSigned(by: origin)) {
            try Checkpoint(verifying: note, origin: origin, key: other.publicKey)
        }
        let signature = try #require(note.signatures.first)
        let foreign = NoteSignature(
            name: try LogOrigin("other"),
            keyID: signature.keyID,
            signature: signature.signature
        )
        #expect(throws: TransparencyError.notSigned(by: origin)) {
            try Checkpoint(
                verifying: SignedNote(text: note.text, signatures: [foreign]),
                origin: origin,
                key: key.publicKey
            )
        }
        // Another's line beside it is nobody's business; a bad one of our own is.
        let both = try SignedNote(text: note.text, signatures: [foreign, signature])
        #expect(try Checkpoint(verifying: both, origin: origin, key: key.publicKey) == checkpoint())
        let bad = NoteSignature(name: origin, keyID: signature.keyID, signature: Array(signature.signature.dropLast()))
        #expect(throws: TransparencyError.signatureInvalid(.checkpoint)) {
            try Checkpoint(
                verifying: SignedNote(text: note.text, signatures: [signature, bad]),
                origin: origin,
                key: key.publicKey
            )
        }
    }

    @Test(arguments: [KeyAlgorithm.p384, .ed25519])
    func otherKeysDoNotSign(algorithm: KeyAlgorithm) throws {
        let other = try SigningKey.generate(algorithm)
        #expect(throws: TransparencyError.unsupportedLogKey(algorithm)) { try checkpoint().signed(with: other) }
        let note = try checkpoint().signed(with: try #require(key))
        #expect(throws: TransparencyError.unsupportedLogKey(algorithm)) {
            try Checkpoint(verifying: note, origin: LogOrigin("log.example"), key: other.publicKey)
        }
    }

    @Test("the path of an entry bundle is read as it is written")
    func entriesPath() throws {
        for (index, width, path) in [
            (0, 256, "entries/000"), (1_234_067, 256, "entries/x001/x234/067"), (1, 44, "entries/001.p/44"),
        ] as [(UInt64, Int, String)] {
            let id = try TileID(level: 0, index: index, width: width)
            #expect(id.entriesPath == path)
            #expect(try TileID(entriesPath: path) == id)
        }
        for path in ["", "entries", "entries/", "data/000", "entries/0", "entries/000.p/256", "0/000"] {
            #expect(throws: TransparencyError.self) { try TileID(entriesPath: path) }
        }
    }
}
