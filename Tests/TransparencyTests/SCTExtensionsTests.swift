import TestKit
import Testing
import Transparency

@Suite("C2SP static-ct-api: SCT extension")
struct SCTExtensionsTests {
    @Test(arguments: [(7, "0000050000000007"), (0, "0000050000000000"), ((1 << 40) - 1, "000005ffffffffff")])
    func leafIndexIsEightBytes(index: UInt64, text: String) throws {
        let extensions = try SCTExtensions(leafIndex: LeafIndex(index))
        #expect(hex(extensions.bytes) == text)
        #expect(try extensions.leafIndex() == LeafIndex(index))
    }

    @Test
    func indexBeyondFortyBitsIsRefused() {
        #expect(throws: TransparencyError.tooLarge(.extensions)) { try SCTExtensions(leafIndex: LeafIndex(1 << 40)) }
    }

    @Test
    func extensionsOfAnRFC6962LogHaveNoIndex() throws {
        #expect(try SCTExtensions.none.leafIndex() == nil)
    }

    @Test(arguments: ["01000000000500000000ff", "0000050000000 0ff010000", "0100010100000500000000ff ff0000"])
    func indexIsFoundAmongOtherExtensionsInAnyOrder(text: String) throws {
        #expect(try SCTExtensions(bytes: bytes(text)).leafIndex() == LeafIndex(0xFF))
    }

    @Test(arguments: [
        "00", "0000", "000005", "00000500000000", "000004000000ff", "00000600000000 00ff", "000000",
        "0000050000000007 0000050000000007", "010000 010000", "0000050000000007 01", "010005 00",
    ])
    func anythingElseIsRefused(text: String) throws {
        let extensions = try SCTExtensions(bytes: bytes(text))
        #expect(extensions.bytes == bytes(text))
        #expect(throws: TransparencyError.malformed(.extensions)) { try extensions.leafIndex() }
    }

    @Test
    func moreBytesThanTheLengthCanSayAreRefused() throws {
        _ = try SCTExtensions(bytes: [UInt8](repeating: 1, count: 65_535))
        #expect(throws: TransparencyError.tooLarge(.extensions)) {
            try SCTExtensions(bytes: [UInt8](repeating: 1, count: 65_536))
        }
    }
}
