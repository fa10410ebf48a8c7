import TestKit
import Testing
import Wire

@Suite("RFC 8259, API-17")
struct JSONTests {
    private func parse(
        _ text: String,
        limits: JSONLimits = .default,
        trailing: TrailingBytes = .refused
    ) throws(WireError) -> JSON {
        try JSON.parse(Array(text.utf8), limits: limits, trailing: trailing)
    }

    @Test func everyKindIsRead() throws {
        let text = #"{"s":"aé\n\u0041\ud83d\ude00","i":-5,"r":1.5,"t":true,"f":false,"n":null,"a":[1,"x"],"o":{"p":1}}"#
        let document = try parse(text)
        #expect(document.kind == .object)
        #expect(document["s"]?.string == "aé\nA😀")
        #expect(document["s"]?.utf8Bytes == Array("aé\nA😀".utf8))
        #expect(document["i"]?.integer == -5)
        #expect(document["i"]?.number == -5)
        #expect(document["r"]?.number == 1.5)
        #expect(document["t"]?.bool == true)
        #expect(document["f"]?.bool == false)
        #expect(document["n"]?.isNull == true)
        #expect(document["a"]?.elements?.map(\.kind) == [.integer, .string])
        #expect(document["o"]?["p"]?.integer == 1)
        #expect(document["missing"] == nil)
        #expect(document.members?.map(\.name) == ["s", "i", "r", "t", "f", "n", "a", "o"])
    }

    @Test func accessorOfAnotherKindIsNil() throws {
        let document = try parse(#"{"s":"1","i":1,"r":1.0,"n":null,"a":[]}"#)
        for name in ["i", "r", "n", "a"] { #expect(document[name]?.string == nil) }
        for name in ["s", "r", "n", "a"] { #expect(document[name]?.integer == nil) }
        for name in ["s", "n", "a"] { #expect(document[name]?.number == nil) }
        for name in ["s", "i", "r", "n", "a"] {
            #expect(document[name]?.bool == nil)
            #expect(document[name]?.members == nil)
            #expect(document[name]?["x"] == nil)
            #expect(document[name]?.isNull == (name == "n"))
        }
        for name in ["s", "i", "r", "n"] { #expect(document[name]?.elements == nil) }
    }

    @Test func valueOutlivesTheRootItCameFrom() throws {
        let inner = try #require(try parse(#"{"a":{"b":["deep text that does not fit into a small string"]}}"#)["a"])
        #expect(inner["b"]?.elements?.first?.string == "deep text that does not fit into a small string")
    }

    @Test func wholeNumbersAreExactToTheEndsOfInt64() throws {
        let document = try parse("[9007199254740993,9223372036854775807,-9223372036854775808,-0]")
        #expect(document.elements?.map(\.integer) == [9_007_199_254_740_993, .max, .min, 0])
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e400", "123456789012345678901234567890"])
    func numberOutOfRangeIsAnError(text: String) {
        #expect(problem(of: "{\"exp\":\(text)}") == .numberRange)
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"x":{"a":1,"a":2}}"#, #"[[{"a":[{"sub":"x","sub":"y"}]}]]"#,
        #"{"a":1,"\u0061":2}"#, #"{"":1,"":2}"#,
    ])
    func duplicateNameIsRefusedAtEveryLevel(text: String) {
        #expect(problem(of: text) == .duplicateName)
        #expect(problem(of: text, trailing: .ignored) == .duplicateName)
    }

    @Test func sameNameInDifferentObjectsAndInOtherCaseIsNoDuplicate() throws {
        let document = try parse(#"{"a":{"a":1},"A":{"a":2}}"#)
        #expect(document["A"]?["a"]?.integer == 2)
    }

    @Test(arguments: [
        ("\u{FEFF}{}", JSONProblem.syntax), ("{\"a\":1,}", .syntax), ("[1,]", .syntax), ("{'a':1}", .syntax),
        ("[01]", .syntax), ("[+1]", .syntax), ("[.5]", .syntax), ("[1.]", .syntax), ("[0x1]", .syntax),
        ("[NaN]", .syntax),
        ("[Infinity]", .syntax), ("[True]", .syntax), ("// c\n{}", .syntax), ("[\"a\tb\"]", .syntax),
        ("[\"\\x\"]", .syntax),
        ("[\"\\ud800\"]", .syntax), ("[\"\\udc00\"]", .syntax), ("[\"\\ud800\\u0041\"]", .syntax),
        ("[\"a\\u0000b\"]", .nulCharacter), ("{\"a\\u0000b\":1}", .nulCharacter), ("[1", .unfinished),
        ("{\"a\":", .unfinished), ("\"abc", .unfinished), ("{} x", .trailingBytes), ("1 2", .trailingBytes),
        ("{}{}", .trailingBytes), ("{}\u{0}", .trailingBytes), ("\u{0}", .nulCharacter), ("123\u{0}", .nulCharacter),
        ("[1\u{0}]", .nulCharacter), ("{\"a\":1\u{0},\n\"b\":2}", .nulCharacter), ("[true\u{0}]", .nulCharacter),
        ("\u{0}{}", .nulCharacter), ("[\"a\u{0}b\"]", .syntax), ("[1 2]", .syntax), ("}", .syntax),
        ("nul", .syntax), ("\u{B}1", .syntax), ("\u{A0}1", .syntax),
    ])
    func textThatIsNotJSONIsRefusedByName(text: String, expected: JSONProblem) {
        #expect(problem(of: text) == expected)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] as [[UInt8]]
    )
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        let text = Array("[\"a".utf8) + bytes + Array("b\"]".utf8)
        #expect(throws: WireError.self) { try JSON.parse(text) }
        let name = Array("{\"a".utf8) + bytes + Array("b\":1}".utf8)
        #expect(throws: WireError.self) { try JSON.parse(name) }
    }

    @Test func utf16IsRefused() {
        let text = Array("{\"a\":1}".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: WireError.self) { try JSON.parse(text) }
        #expect(throws: WireError.self) { try JSON.parse([0xFF, 0xFE] + text) }
    }

    @Test func errorNamesLineAndNoInput() {
        let secret = "eyJhbGciOiJSUzI1NiJ9"
        let error = #expect(throws: WireError.self) { try parse("{\n \"a\": \(secret)}") }
        guard case .json(.syntax, let line, _) = error else {
            Issue.record("not a syntax error: \(String(describing: error))")
            return
        }
        #expect(line == 2)
        #expect(String(describing: error).contains(secret) == false)
    }

    @Test(arguments: ["", " ", "\n\t \r"])
    func nothingButWhiteSpaceIsItsOwnError(text: String) {
        #expect(throws: WireError.empty) { try parse(text) }
        #expect(throws: WireError.empty) { try parse(text, trailing: .ignored) }
    }

    @Test(arguments: [
        "{\"a\":1} garbage", "{\"a\":1}{\"a\":2}", "{\"a\":1}}", "{\"a\":1}\u{0}", "{\"a\":1}\"", "{\"a\":1}[[[[[[",
    ])
    func bytesBehindTheFirstValueAreIgnoredOnRequest(text: String) throws {
        #expect(try parse(text, trailing: .ignored)["a"]?.integer == 1)
        #expect(throws: WireError.self) { try parse(text) }
    }

    @Test func ignoringWhatFollowsDoesNotExcuseTheValueItself() {
        #expect(problem(of: "{\"a\":1", trailing: .ignored) == .unfinished)
        #expect(problem(of: "garbage", trailing: .ignored) == .syntax)
        #expect(problem(of: "{\"a\":1,}", trailing: .ignored) == .syntax)
    }

    @Test func depthIsLimitedBeforeParsing() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let limits = JSONLimits(depthMax: 5)
        #expect(try parse(nested(5), limits: limits).kind == .array)
        #expect(throws: WireError.jsonTooDeep(depthMax: 5)) { try parse(nested(6), limits: limits) }
        #expect(throws: WireError.jsonTooDeep(depthMax: 64)) { try parse(nested(100_000)) }
        #expect(throws: WireError.jsonTooDeep(depthMax: 64)) { try parse(String(repeating: "{\"a\":", count: 65)) }
        let limitAboveJansson = JSONLimits(depthMax: 1_000_000)
        #expect(throws: WireError.self) { try parse(nested(3_000), limits: limitAboveJansson) }
    }

    @Test func bracketsInsideTextsDoNotCount() throws {
        let text = #"["[[[[[[\"[[[[","\\",["{{{{{{"]]"#
        #expect(try parse(text, limits: JSONLimits(depthMax: 2)).elements?.count == 3)
        // Were the escaped backslash misread, the brackets behind it would be text.
        #expect(throws: WireError.jsonTooDeep(depthMax: 2)) {
            try parse(#"["\\",[["x"]]]"#, limits: JSONLimits(depthMax: 2))
        }
    }

    @Test func sizeAndCountAreLimited() throws {
        #expect(try parse("[1,2]", limits: JSONLimits(bytesMax: 5)).kind == .array)
        #expect(throws: WireError.jsonTooLarge(bytesMax: 4)) { try parse("[1,2]", limits: JSONLimits(bytesMax: 4)) }
        let many = "[" + String(repeating: "{},", count: 200_000) + "{}]"
        #expect(throws: WireError.jsonTooManyValues(valuesMax: 100_000)) { try parse(many) }
        #expect(try parse("[1,2]", limits: JSONLimits(valuesMax: 3)).elements?.count == 2)
        #expect(throws: WireError.jsonTooManyValues(valuesMax: 3)) {
            try parse("[1,2,3]", limits: JSONLimits(valuesMax: 3))
        }
    }

    @Test func nameWithNULFindsNothing() throws {
        let document = try parse(#"{"sub":"x"}"#)
        #expect(document["sub\u{0}"] == nil)
        #expect(document[""] == nil)
    }

    @Test func documentIsReadFromManyTasks() async throws {
        let document = try parse(#"{"keys":[{"kid":"a"},{"kid":"b"}]}"#)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).allSatisfy { _ in
                        document["keys"]?.elements?.compactMap { $0["kid"]?.string } == ["a", "b"]
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func garbageNeverTraps() {
        var generator = SeededGenerator(seed: 5)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":1", "\\", "\\u", "d800", "1", "-", ".", "e", "true",
            "null",
            " ", "\n", "\u{0}", "é",
        ]
        var parsed = 0
        for round in 0..<100_000 {
            let text = round % 4 == 0 ? generator.bytes(upTo: 40) : generator.soup(of: pieces, countMax: 12)
            if (try? JSON.parse(text)) != nil { parsed += 1 }
            _ = try? JSON.parse(text, limits: JSONLimits(depthMax: 3, valuesMax: 10), trailing: .ignored)
        }
        #expect(parsed > 100)
    }

    private func problem(of text: String, trailing: TrailingBytes = .refused) -> JSONProblem? {
        do throws(WireError) {
            _ = try parse(text, trailing: trailing)
            return nil
        } catch {
            guard case .json(let problem, _, _) = error else { return nil }
            return problem
        }
    }
}
