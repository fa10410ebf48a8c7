import Foundation
import RecordLog
import Testing
import Wire

/// What cosign 3.1.1, sigstore-python 4.5.1, model-signing and sigstore-go sent, and what they accepted as the leaf.
@Suite("Recorded requests")
struct RecordedRequestTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Recorded")

    @Test(arguments: try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted())
    func makeTheRecordedLeafByteForByte(name: String) throws {
        let recording = try JSON.parse(Array(Data(contentsOf: Self.folder.appendingPathComponent(name))))
        let request = try #require(recording["request"]?.utf8Bytes)
        let expected = try Base64.decode(#require(recording["canonicalizedBody"]?.string))
        #expect(try HashedRekord(request: request).body().bytes == expected)
    }

    @Test func thereAreSome() throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).count == 16)
    }
}
