import TestKit
import Testing
import Wire

@Suite("RFC 7468, POP-10: read as Go's encoding/pem reads")
struct PEMBlockTests {
    private static let key = "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n"

    private func first(_ text: String) throws -> PEMBlock { try PEMBlock.first(in: Array(text.utf8)) }

    @Test(arguments: [
        "-----BEGIN K-----\nAQID\n-----END K-----\n",
        "-----BEGIN K-----\nAQID\n-----END K-----",
        "-----BEGIN K-----\r\nAQID\r\n-----END K-----\r\n",
        "-----BEGIN K-----\nA\nQ\n\nI\nD\n-----END K-----\n",
        "-----BEGIN K-----  \nA Q\tID  \n-----END K----- \t\nmore text",
        "text before\n-----BEGIN K-----\nAQID\n-----END K-----\n-----BEGIN",
        "\n\n-----BEGIN K-----\nAQID\n-----END K-----\n",
        "-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID\n-----END K-----\n",
        "-----BEGIN K-----\nno end of this one\n-----BEGIN K-----\nAQID\n-----END K-----\n",
        "-----BEGIN OTHER-----\nAAAA\n-----BEGIN K-----\nAQID\n-----END K-----\n",
        "-----BEGIN K----\n-----BEGIN K-----\nAQID\n-----END K-----\n",
    ])
    func laxBlockIsRead(text: String) throws {
        #expect(try first(text) == PEMBlock(label: "K", bytes: [1, 2, 3]))
    }

    @Test(arguments: [
        "", "\n", "no PEM here", "-----BEGIN ", "-----BEGIN -----", "-----BEGIN K-----", "-----BEGIN K-----\n",
        "-----BEGIN K-----\nAQID", "-----BEGIN K-----\nAQID\n-----END", "-----BEGIN K-----\nAQID-----END K-----\n",
        " -----BEGIN K-----\nAQID\n-----END K-----\n",
        "-----BEGIN K-----\nAQID\n -----END K-----\n",
        "-----BEGIN K-----\nAQID\n-----END L-----\n",
        "-----BEGIN K-----\nAQID\n-----END K----\n",
        "-----BEGIN K-----\nAQID\n-----END K------\n",
        "-----BEGIN K-----\nAQID\n-----END K----- x\n",
        "-----BEGIN K-----\nAQID\n-----ENDK-----\n",
        "-----BEGIN K-----\nAQ\n-----END K-----\n",
        "-----BEGIN K-----\nAQ==AQ==\n-----END K-----\n",
        "-----BEGIN K-----\nA-ID\n-----END K-----\n",
        "-----BEGIN K-----\nA: b\n-----END K-----\n",
        "-----BEGIN K-----\rAQID\r-----END K-----\r",
        "-----BEGIN K-----\nAQID\n-----END K-----\r",
    ])
    func damagedBlockIsNoBlock(text: String) {
        #expect(throws: WireError.pemMissing) { try first(text) }
        #expect(throws: WireError.pemMissing) { try PEMBlock.all(in: Array(text.utf8)) }
    }

    @Test func emptyBlockIsABlock() throws {
        #expect(try first("-----BEGIN E-----\n-----END E-----\n") == PEMBlock(label: "E", bytes: []))
        #expect(try first("-----BEGIN E-----\n\n-----END E-----\n") == PEMBlock(label: "E", bytes: []))
        #expect(try first("-----BEGIN -----\n-----END -----\n") == PEMBlock(label: "", bytes: []))
    }

    @Test func allBlocksComeInTheirOrderAndTextBetweenIsSkipped() throws {
        let text = "a\n" + Self.key + "b\n-----BEGIN C-----\nBAUG\n-----END C-----\nc" + "\n" + Self.key
        let blocks = try PEMBlock.all(in: Array(text.utf8))
        #expect(blocks.map(\.label) == ["PUBLIC KEY", "C", "PUBLIC KEY"])
        #expect(blocks.map(\.bytes) == [[1, 2, 3], [4, 5, 6], [1, 2, 3]])
        #expect(try PEMBlock.first(in: Array(text.utf8)) == blocks[0])
    }

    @Test func textHasLinesOf64Characters() {
        #expect(PEMBlock(label: "PUBLIC KEY", bytes: [1, 2, 3]).text == Self.key)
        let long = PEMBlock(label: "X", bytes: [UInt8](repeating: 0, count: 49)).text
        let line = String(repeating: "A", count: 64)
        #expect(long == "-----BEGIN X-----\n\(line)\nAA==\n-----END X-----\n")
        let full = PEMBlock(label: "X", bytes: [UInt8](repeating: 0, count: 48)).text
        #expect(full == "-----BEGIN X-----\n\(line)\n-----END X-----\n")
    }

    @Test func everyBlockWrittenIsReadBack() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let block = PEMBlock(label: "CERTIFICATE", bytes: generator.bytes(upTo: 300))
            #expect(try PEMBlock.all(in: Array((block.text + block.text).utf8)) == [block, block])
        }
    }

    @Test func garbageNeverTrapsAndWhatIsReadCanBeWritten() throws {
        var generator = SeededGenerator(seed: 4)
        let pieces = [
            "-----BEGIN ", "-----END ", "-----", "\n", "\r\n", "K", "KEY", "AQID", "A", "=", " ", ":",
            "\n-----BEGIN K-----\n",
            "\n-----END K-----\n",
        ]
        var found = 0
        for _ in 0..<100_000 {
            let text = generator.soup(of: pieces, countMax: 12)
            guard let blocks = try? PEMBlock.all(in: text) else { continue }
            found += 1
            for block in blocks where !block.label.contains(":") && !block.label.contains("\u{FFFD}") {
                let again = try PEMBlock.first(in: Array(block.text.utf8))
                #expect(again.bytes == block.bytes)
            }
        }
        #expect(found > 1_000)
    }

    /// Each of these takes minutes where each BEGIN line looks through the rest of the text.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["\n-----BEGIN K-----", "\n-----BEGIN :-----", "\n-----BEGIN K-----\nAAAA", "\n-----BEGIN \n"]
    )
    func manyBeginLinesTakeLinearTime(line: String) {
        let text = String(repeating: line, count: 100_000)
        for end in ["", "\n-----END L-----\n", "\n-----END K-----\n"] {
            _ = try? PEMBlock.all(in: Array((text + end).utf8))
        }
    }
}
