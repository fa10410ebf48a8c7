import TestKit
import Testing
import Wire

@Suite("RFC 4648 §8: base 16")
struct HexadecimalTests {
    @Test("what is written can be read, in either case")
    func roundTrip() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let bytes = generator.bytes(upTo: 40)
            let text = Hexadecimal.encode(bytes)
            #expect(text == hex(bytes))
            #expect(Hexadecimal.decode(text.utf8) == bytes)
            #expect(Hexadecimal.decode(text.uppercased().utf8) == bytes)
        }
    }

    @Test(
        "other characters and half a byte are nothing",
        arguments: ["0", "0g", "0G", "0x00", " 00", "00 ", "é", "-1", "0/", "0:", "0@", "0`"]
    )
    func otherTextsAreRefused(text: String) {
        #expect(Hexadecimal.decode(text.utf8) == nil)
    }
}
