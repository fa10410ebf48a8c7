import Testing
import Transparency

@Suite("C2SP tlog-checkpoint: sizes; indexes and their limits")
struct NumberTests {
    @Test(arguments: ["0", "1", "20852163", "18446744073709551615"])
    func decimalSizeIsReadAndWritten(text: String) throws {
        #expect(try #require(TreeSize(decimal: text.utf8)).description == text)
    }

    @Test(arguments: ["", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1e3", "0x1", "18446744073709551616", "٣", "１"])
    func anyOtherSizeIsRefused(text: String) {
        #expect(TreeSize(decimal: text.utf8) == nil)
    }

    @Test
    func nothingOverflows() {
        #expect(LeafIndex(.max).advanced(by: 1) == nil)
        #expect(LeafIndex(0).advanced(by: -1) == nil)
        #expect(LeafIndex(.max).treeSizeIncludingIt == nil)
        #expect(TreeSize(.max).growing(by: 1) == nil)
        #expect(TreeSize(1).growing(by: -1) == nil)
        #expect(TreeSize.empty.lastIndex == nil)
    }

    @Test
    func nextEntryFollowsTheLast() {
        let size = TreeSize(7)
        #expect(size.lastIndex == LeafIndex(6))
        #expect(LeafIndex(after: size) == LeafIndex(7))
        #expect(LeafIndex(6).treeSizeIncludingIt == size)
        #expect(size.contains(LeafIndex(6)) && !size.contains(LeafIndex(7)))
    }
}
