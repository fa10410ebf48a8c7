import TestKit
import Testing
import Transparency

@Suite("C2SP signed-note")
struct SignedNoteTests {
    /// The first example of the specification.
    static let poem = """
        Ognuno sta solo sul cuor della terra
        trafitto da un raggio di sole:

        ed è subito sera.

        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKON\
        rMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

        """

    @Test
    func specificationsExampleIsReadAndWritten() throws {
        let note = try SignedNote(encoded: Array(Self.poem.utf8))
        #expect(note.text.hasSuffix("raggio di sole:\n\ned è subito sera.\n"))
        #expect(note.signatures.map(\.name.name) == ["quasimodo.example/salvatore"])
        #expect(note.signatures[0].keyID == NoteSignature.KeyID(0x367B_A04B))
        #expect(note.signatures[0].signature.count == 64)
        #expect(note.encoded == Array(Self.poem.utf8))
    }

    @Test
    func sixteenSignaturesAndMoreAreRead() throws {
        let origin = try LogOrigin("a.example/b")
        let lines = (0..<100).map { NoteSignature(name: origin, keyID: .init(UInt32($0)), signature: [UInt8($0)]) }
        let note = try SignedNote(text: "text\n", signatures: lines)
        #expect(try SignedNote(encoded: note.encoded) == note)
    }

    /// A good note is "text\n\n— name AAAAAAA=\n".
    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n\n", "text\n— name AAAAAAA=\n", "text\n\n— name AAAAAAA=",
        "text\n\n- name AAAAAAA=\n", "text\n\n—name AAAAAAA=\n", "text\n\n—  AAAAAAA=\n", "text\n\n— name\n",
        "text\n\n— name  AAAAAAA=\n", "text\n\n— name AAAAAAA= \n", "text\n\n— name AAAAAAA= x\n",
        "text\n\n— na+me AAAAAAA=\n", "text\n\n— na\u{00A0}me AAAAAAA=\n", "text\n\n— na\u{2003}me AAAAAAA=\n",
        "text\n\n— na\u{3000}me AAAAAAA=\n", "text\n\n— na\u{0085}me AAAAAAA=\n", "text\n\n— name AAAAAAA\n",
        "text\n\n— name AAAAAA==\n", "text\n\n— name AAAAAAB=\n", "text\n\n— name AAAA-AA=\n", "text\n\n— name \n",
        "text\r\n\r\n— name AAAAAAA=\r\n", "te\txt\n\n— name AAAAAAA=\n", "te\0xt\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAA=\nmore\n", "text\n\n— name AAAAAAA=\n\n", "text\n\n\u{FEFF}— name AAAAAAA=\n",
        "text\n\n— name AAAA\u{1F}AAA=\n",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(encoded: Array(text.utf8)) }
    }

    @Test
    func textThatIsNotUTF8IsRefused() throws {
        let good = Array("text\n\n— name AAAAAAA=\n".utf8)
        _ = try SignedNote(encoded: good)
        for bad in [[0xFF] + good, [0xC3] + good, good.dropLast() + [0xE2, 0x80, 0x0A]] {
            #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(encoded: bad) }
        }
        var name = good
        name[10] = 0xFF
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(encoded: name) }
    }

    @Test
    func hugeNoteIsRefused() {
        let long =
            [UInt8](repeating: UInt8(ascii: "a"), count: SignedNote.bytesMax) + Array("\n\n— name AAAAAAA=\n".utf8)
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(encoded: long) }
        let crowd = "text\n\n" + String(repeating: "— name AAAAAAA=\n", count: SignedNote.signaturesMax + 1)
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(encoded: Array(crowd.utf8)) }
    }

    @Test(arguments: ["", "text", "a\tb\n", "a\r\n", "a\0\n"])
    func textThatCannotBeANoteIsNotWritten(text: String) throws {
        let line = NoteSignature(name: try LogOrigin("name"), keyID: .init(0), signature: [1])
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(text: text, signatures: [line]) }
        #expect(throws: TransparencyError.malformed(.signedNote)) { try SignedNote(text: "text\n", signatures: []) }
    }

    @Test(arguments: ["", " ", "a b", "a+b", "a\u{00A0}b", "a\u{2028}b", "a\nb", "a\u{1}b", "\u{3000}"])
    func originThatCannotBeAKeyNameIsRefused(name: String) {
        #expect(throws: TransparencyError.malformed(.origin)) { try LogOrigin(name) }
    }

    @Test
    func overlongOriginIsRefused() throws {
        _ = try LogOrigin(String(repeating: "a", count: LogOrigin.bytesMax))
        #expect(throws: TransparencyError.malformed(.origin)) {
            try LogOrigin(String(repeating: "a", count: LogOrigin.bytesMax + 1))
        }
    }

    @Test
    func noteThatIsReadIsTheOneThatWouldBeWritten() {
        var random = SeededGenerator(seed: 9)
        let pieces = ["text", "\n", "\n\n", "— ", "name", " ", "AAAAAAA=", "AAAAAAAA", "\n— name AAAAAAA=\n", "+", "é"]
        var count = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let note = try? SignedNote(encoded: Array(text.utf8)) else { continue }
            count += 1
            #expect(note.encoded == Array(text.utf8))
        }
        #expect(count > 10)
    }
}
