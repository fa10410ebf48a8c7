import Foundation
import TestKit
import Testing
import Wire

@Suite("RFC 4648, RFC 7515 §2, API-13")
struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func vectorsOfRFC4648Section10Hold(plain: String, encoded: String) throws {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(try Base64.decode(encoded) == Array(plain.utf8))
        #expect(try Base64.decodeLenient(encoded) == Array(plain.utf8))
        let bare = encoded.filter { $0 != "=" }
        #expect(Base64.encodeURL(Array(plain.utf8)) == bare)
        #expect(try Base64.decodeURL(bare) == Array(plain.utf8))
    }

    @Test func vectorOfRFC7515AppendixCHolds() throws {
        #expect(Base64.encodeURL([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(try Base64.decodeURL("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test func everyEncodingIsReadBackAndAgreesWithFoundation() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<3_000 {
            let bytes = generator.bytes(upTo: 200)
            let standard = Base64.encode(bytes)
            #expect(standard == Data(bytes).base64EncodedString())
            let url = Base64.encodeURL(bytes)
            #expect(try Base64.decode(standard) == bytes)
            #expect(try Base64.decodeURL(url) == bytes)
            #expect(try Base64.decodeLenient(standard) == bytes)
            #expect(try Base64.decodeLenient(url) == bytes)
            #expect(try Base64.decodeLenient(standard.filter { $0 != "=" }) == bytes)
            let slice = Substring("." + url + ".").dropFirst().dropLast()
            #expect(try Base64.decodeURL(slice.utf8) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "Zg==Zg==", "Zg==\n", "Zm9v=", "Zm9vY", "Zm9v\n", "=", "====",
    ])
    func standardRefusesWhatIsNotPaddedExactly(text: String) {
        #expect(throws: WireError.self) { try Base64.decode(text) }
    }

    @Test func standardRefusesTheOtherAlphabetAndNamesTheOffset() {
        #expect(throws: WireError.base64Character(offset: 2)) { try Base64.decode("AA-_") }
        #expect(throws: WireError.base64Character(offset: 4)) { try Base64.decode("AAAA\n") }
        #expect(throws: WireError.base64Character(offset: 1)) { try Base64.decode("Aé==") }
    }

    @Test func lenientRefusesNewlinesMixedAlphabetsAndHalfPadding() {
        #expect(throws: WireError.base64Character(offset: 4)) { try Base64.decodeLenient("Zm9v\nYmFy") }
        #expect(throws: WireError.base64Character(offset: 4)) { try Base64.decodeLenient("Zm9v ") }
        #expect(throws: WireError.base64Character(offset: 4)) { try Base64.decodeLenient("Zm9v====") }
        #expect(throws: WireError.base64Character(offset: 3)) { try Base64.decodeLenient("AA-+") }
        #expect(throws: WireError.base64Length) { try Base64.decodeLenient("Zg=") }
        #expect(throws: WireError.base64Length) { try Base64.decodeLenient("Zm9vY") }
    }

    @Test func lenientReadsHexTextAsBase64AsProtojsonDoes() throws {
        #expect(try Base64.decodeLenient("deadbeef") == [0x75, 0xE6, 0x9D, 0x6D, 0xE7, 0x9F])
    }

    @Test func lenientIgnoresUnusedBitsAndTheOthersDoNot() throws {
        #expect(try Base64.decodeLenient("Zh") == Array("f".utf8))
        #expect(try Base64.decodeLenient("Zm9=") == Array("fo".utf8))
        #expect(throws: WireError.base64TrailingBits) { try Base64.decode("Zh==") }
        #expect(throws: WireError.base64TrailingBits) { try Base64.decodeURL("Zh") }
        #expect(throws: WireError.base64TrailingBits) { try Base64.decodeURL("Zm9") }
    }

    @Test(arguments: ["Zg==", "Zm8=", "=", "A+z_", "A/z_", "AA AA", "AAAA\n", "AAAA\r\n", "AAAA\0", "AAAAé", "AAAA%"])
    func urlRefusesPaddingStandardAlphabetAndWhiteSpace(text: String) {
        #expect(throws: WireError.self) { try Base64.decodeURL(text) }
    }

    /// One text, one meaning: no two texts may decode to the same bytes.
    @Test func whatURLAndStandardAcceptIsExactlyWhatTheyWrite() {
        var generator = SeededGenerator(seed: 2)
        let pieces = ["A", "b", "9", "-", "_", "+", "/", "=", "Zg", "Zg==", "Zm9v", "\n"]
        var accepted = 0
        for _ in 0..<100_000 {
            let text = generator.soup(of: pieces, countMax: 6)
            if let bytes = try? Base64.decodeURL(text) {
                #expect(Array(Base64.encodeURL(bytes).utf8) == text)
                accepted += 1
            }
            if let bytes = try? Base64.decode(text) { #expect(Array(Base64.encode(bytes).utf8) == text) }
            _ = try? Base64.decodeLenient(text)
        }
        #expect(accepted > 10_000)
    }
}
