import Keys
import TestKit
import Testing
import Transparency
import Wire

@Suite("RFC 6962 §3.5; C2SP static-ct-api: checkpoints")
struct SignedTreeHeadTests {
    private static func origin() throws -> LogOrigin { try LogOrigin("log.example.com/2026") }

    private static func note(_ text: String = ForeignLog.checkpoint) throws -> SignedNote {
        try SignedNote(encoded: Array(text.utf8))
    }

    @Test
    func anotherImplementationsCheckpointVerifiesAndIsWrittenAgain() throws {
        let key = try ForeignLog.key()
        let note = try Self.note()
        let head = try SignedTreeHead(checkpoint: note, origin: try Self.origin(), key: key)
        #expect(head.head.size == TreeSize(70_000))
        #expect(head.head.timestamp == ForeignLog.timestamp)
        #expect(hex(head.head.root.bytes) == "4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2")
        #expect(note.signatures[0].keyID == NoteSignature.KeyID(0x9554_9C19))
        try head.verify(key: key)
        let again = try head.checkpoint(origin: try Self.origin(), logID: LogID(of: key))
        #expect(again == note)
        #expect(again.encoded == Array(ForeignLog.checkpoint.utf8))
    }

    @Test(arguments: [KeyAlgorithm.p256, .rsa(bits: 2048)])
    func checkpointOfOurOwnVerifies(algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let head = TreeHead(size: .empty, root: MerkleTree.emptyRoot, timestamp: EntryTimestamp(milliseconds: 1))
        let signed = try SignedTreeHead(signing: head, with: key)
        let note = try signed.checkpoint(origin: try Self.origin(), logID: LogID(of: key.publicKey))
        let read = try SignedNote(encoded: note.encoded)
        #expect(try SignedTreeHead(checkpoint: read, origin: try Self.origin(), key: key.publicKey) == signed)
    }

    @Test
    func checkpointOfAnotherLogIsRefused() throws {
        let other = try LogOrigin("log.example.com/2027")
        #expect(throws: TransparencyError.originMismatch(expected: other)) {
            try SignedTreeHead(checkpoint: try Self.note(), origin: other, key: try ForeignLog.key())
        }
    }

    @Test
    func checkpointWithoutTheKeysSignatureIsRefused() throws {
        let origin = try Self.origin()
        let key = try SigningKey.generate(.p256).publicKey
        #expect(throws: TransparencyError.notSigned(by: origin)) {
            try SignedTreeHead(checkpoint: try Self.note(), origin: origin, key: key)
        }
        let renamed = ForeignLog.checkpoint.replacing("— log.example.com/2026", with: "— log.example.com/2025")
        #expect(throws: TransparencyError.notSigned(by: origin)) {
            try SignedTreeHead(checkpoint: try Self.note(renamed), origin: origin, key: try ForeignLog.key())
        }
    }

    @Test
    func otherSizeRootOrTimeIsRefused() throws {
        let size = ForeignLog.checkpoint.replacing("\n70000\n", with: "\n70001\n")
        let root = ForeignLog.checkpoint.replacing("SBNJ", with: "SBNK")
        // The first bytes of the line are the key's identifier and the time.
        let time = ForeignLog.checkpoint.replacing("lVScGQAAAaIMI8N7", with: "lVScGQAAAaIMI8N8")
        for changed in [size, root, time] {
            #expect(changed != ForeignLog.checkpoint)
            #expect(throws: TransparencyError.signatureInvalid(.treeHead)) {
                try SignedTreeHead(
                    checkpoint: try Self.note(changed),
                    origin: try Self.origin(),
                    key: try ForeignLog.key()
                )
            }
        }
    }

    @Test
    func extensionLinesAreRefused() throws {
        let extended = ForeignLog.checkpoint.replacing("d7I=\n", with: "d7I=\nmore\n")
        #expect(throws: TransparencyError.malformed(.checkpoint)) {
            try SignedTreeHead(
                checkpoint: try Self.note(extended),
                origin: try Self.origin(),
                key: try ForeignLog.key()
            )
        }
    }

    @Test
    func signaturesByOthersAreIgnored() throws {
        let note = try Self.note()
        let line = note.signatures[0]
        let others = [
            NoteSignature(name: line.name, keyID: .init(line.keyID.value ^ 1), signature: [1]),
            NoteSignature(name: try LogOrigin("witness.example"), keyID: line.keyID, signature: [1]),
        ]
        let crowd = try SignedNote(text: note.text, signatures: others + [line] + others)
        _ = try SignedTreeHead(checkpoint: crowd, origin: try Self.origin(), key: try ForeignLog.key())
    }

    @Test
    func badSignatureByTheKeyBesideAGoodOneIsRefused() throws {
        let note = try Self.note()
        let line = note.signatures[0]
        let bad = NoteSignature(name: line.name, keyID: line.keyID, signature: line.signature.dropLast() + [0])
        let short = NoteSignature(name: line.name, keyID: line.keyID, signature: Array(line.signature.prefix(8)))
        for lines in [[line, bad], [bad, line], [line, short]] {
            let double = try SignedNote(text: note.text, signatures: lines)
            #expect(throws: TransparencyError.self) {
                try SignedTreeHead(checkpoint: double, origin: try Self.origin(), key: try ForeignLog.key())
            }
        }
    }
}
