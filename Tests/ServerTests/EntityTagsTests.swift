import Testing

@testable import Server

@Suite("RFC 9110 §8.8.3, §13.1: entity tags of a condition")
struct EntityTagsTests {
    @Test(arguments: ["*", #""a/b""#, #""x", "a/b""#, "\"x\",\t \"a/b\" , \"y\"", #", "a/b","#])
    func tagThatIsListedIsFound(text: String) {
        #expect(EntityTags(text).match(#""a/b""#, strongly: true))
        #expect(EntityTags(text).match(#""a/b""#, strongly: false))
    }

    @Test
    func weakTagIsFoundByWeakComparisonOnly() {
        #expect(EntityTags(#""x", W/"a/b""#).match(#""a/b""#, strongly: false))
        #expect(!EntityTags(#""x", W/"a/b""#).match(#""a/b""#, strongly: true))
    }

    @Test(arguments: ["", ",", "a/b", #""a/b"#, #""A/b""#, #"w/"a/b""#, #""a/b"x"#, "**"])
    func otherTagIsNotFound(text: String) {
        #expect(!EntityTags(text).match(#""a/b""#, strongly: false))
    }
}
