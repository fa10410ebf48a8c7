import Testing

@testable import Server

@Suite("RFC 9110 §12.5.3: gzip")
struct GzipTests {
    @Test(arguments: [
        "gzip", "GZIP", "br, gzip", "gzip;q=0.1", "*", "*;q=0, gzip", "identity;q=0,\tgzip ; q=1", "*;q=1",
    ])
    func codingThatIsNamedOrMeantIsAccepted(field: String) {
        #expect(Gzip.isAccepted(field))
    }

    @Test(arguments: [
        nil, "", "identity", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "*;q=0", "br;q=1", "gzipped", "gzip;q=x",
    ])
    func anythingElseIsNot(field: String?) {
        #expect(!Gzip.isAccepted(field))
    }

    @Test
    func whatDoesNotGetShorterStaysAsItIs() throws {
        #expect(Gzip.compressed([]) == nil)
        #expect(Gzip.compressed((0..<255).map { UInt8($0) }) == nil)
        let repeated = [UInt8](repeating: 7, count: 100_000)
        let compressed = try #require(Gzip.compressed(repeated))
        #expect(compressed.count < 1000)
        #expect(compressed.starts(with: [0x1F, 0x8B]))
    }
}
