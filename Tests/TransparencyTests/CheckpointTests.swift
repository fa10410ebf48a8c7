import Testing
import Transparency
import Wire

@Suite("C2SP tlog-checkpoint")
struct CheckpointTests {
    /// The example of the specification.
    static let example = """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        """
    static let signature =
        "\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URY"
        + "N7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test
    func specificationsExampleIsReadAndWritten() throws {
        let note = try SignedNote(encoded: Array((Self.example + Self.signature).utf8))
        let checkpoint = try Checkpoint(text: note.text)
        #expect(checkpoint.origin.name == "example.com/behind-the-sofa")
        #expect(checkpoint.size == TreeSize(20_852_163))
        #expect(checkpoint.root.bytes == (try Base64.decode(Self.root)))
        #expect(checkpoint.extensionLines.isEmpty)
        #expect(checkpoint.text == Self.example)
    }

    @Test
    func extensionLinesAreKept() throws {
        let checkpoint = try Checkpoint(text: Self.example + "one line\nanother +\n")
        #expect(checkpoint.extensionLines == ["one line", "another +"])
        #expect(checkpoint.text == Self.example + "one line\nanother +\n")
    }

    @Test
    func emptyTreeHasSizeZero() throws {
        let empty = Checkpoint(origin: try LogOrigin("a"), size: .empty, root: MerkleTree.emptyRoot)
        #expect(empty.text == "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
        #expect(try Checkpoint(text: empty.text) == empty)
    }

    @Test(arguments: [
        "", "\n", "o\n", "o\n1\n", "o\n1\n\(root)", "o\n\n1\n\(root)\n", "\n1\n\(root)\n", "o\n1\n\(root)\n\n",
        "o\n1\n\(root)\n\nx\n", "o\n01\n\(root)\n", "o\n00\n\(root)\n", "o\n-1\n\(root)\n", "o\n+1\n\(root)\n",
        "o\n 1\n\(root)\n", "o\n1 \n\(root)\n", "o\n18446744073709551616\n\(root)\n", "o\n1\n\(root) \n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n", "o\n1\nAAAA\n", "o\r\n1\r\n\(root)\r\n",
        "o\n1\n\(root)\nx\ty\n", "o\n٣\n\(root)\n",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: TransparencyError.malformed(.checkpoint)) { try Checkpoint(text: text) }
    }

    @Test(arguments: ["o p", "o+p", "\u{00A0}"])
    func originThatCannotBeAKeyNameIsRefused(origin: String) {
        #expect(throws: TransparencyError.malformed(.origin)) { try Checkpoint(text: "\(origin)\n1\n\(Self.root)\n") }
    }
}
