import Keys
import Testing

@Suite("FIPS 180-4: a digest of parts")
struct RunningDigestTests {
    @Test("the digest of the parts is that of the whole, wherever it is cut", arguments: DigestAlgorithm.allCases)
    func partsMakeTheWhole(algorithm: DigestAlgorithm) throws {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in [0, 1, 63, 64, 65, 128, 299, 300] {
            var digest = try RunningDigest(algorithm)
            try digest.update(message[..<cut])
            try digest.update(message[cut...])
            #expect(try digest.finish() == algorithm.digest(message))
        }
        #expect(try RunningDigest(algorithm).finish() == algorithm.digest([]))
    }
}
