import Testing

@testable import Server

@Suite("RFC 9110 §14.1.2: Range")
struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", 0..<1), ("bytes=2-4", 2..<5), ("bytes=2-", 2..<10), ("bytes=-3", 7..<10), ("bytes=0-99", 0..<10),
        ("bytes=-99", 0..<10), ("BYTES=9-9", 9..<10), ("bytes=1-99999999999999999999", 1..<10),
    ])
    func oneRangeIsThoseBytesThatAreThere(text: String, bytes: Range<Int>) {
        #expect(ByteRange(text, count: 10) == .part(bytes))
    }

    @Test(arguments: ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999-"])
    func rangeAfterTheEndIsOutside(text: String) {
        #expect(ByteRange(text, count: 10) == .outside)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=1", "bytes=0-1,3-4", "bytes=3-2", "bytes=+1-2", "bytes=1-2-3",
        "bytes= 1-2", "bytes=1-2 ", "bytes=٣-٤", "items=0-1", "0-1",
    ])
    func fieldThatIsNotOneRangeIsIgnored(text: String) {
        #expect(ByteRange(text, count: 10) == .whole)
    }

    @Test
    func nothingHasNoParts() {
        for text in ["bytes=0-", "bytes=0-0", "bytes=-1"] { #expect(ByteRange(text, count: 0) == .outside) }
    }
}
