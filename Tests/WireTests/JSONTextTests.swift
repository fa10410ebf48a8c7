import Foundation
import TestKit
import Testing
import Wire

@Suite("RFC 8259: writing")
struct JSONTextTests {
    @Test func valuesAreWrittenCompactlyInTheirOrder() {
        let value = JSONText.object([
            ("z", .integer(.min)), ("a", .array([.bool(true), .bool(false), .null, .string("")])), ("o", .object([])),
            ("e", .array([])),
        ])
        let expected = #"{"z":-9223372036854775808,"a":[true,false,null,""],"o":{},"e":[]}"#
        #expect(String(decoding: value.encoded(), as: UTF8.self) == expected)
    }

    @Test func whatMustBeEscapedIsEscapedAndNothingElse() {
        let text = "\"\\/\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F} \u{7F}é\u{2028}😀"
        let expected = #""\"\\/\u0000\u0001\b\t\n\u000b\f\r\u001f "# + " \u{7F}é\u{2028}😀\"".dropFirst()
        #expect(String(decoding: JSONText.string(text).encoded(), as: UTF8.self) == expected)
    }

    @Test func namesAreEscapedToo() {
        #expect(String(decoding: JSONText.object([("a\"b", .null)]).encoded(), as: UTF8.self) == #"{"a\"b":null}"#)
    }

    /// jansson and Foundation are two readers that did not write it.
    @Test func everythingWrittenIsReadBack() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<3_000 {
            let value = random(depth: 0, using: &generator)
            let bytes = value.encoded()
            #expect(equal(try JSON.parse(bytes), value), "\(String(decoding: bytes, as: UTF8.self))")
            #expect((try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil)
        }
    }

    @Test("RFC 8785 §3.2.3: names are sorted by UTF-16 code units, in nested objects too")
    func canonicalOrder() {
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"]
        let value = JSONText.object(
            names.map { ($0, .null) } + [("0", .array([.object([("b", .null), ("a", .null)])]))]
        )
        let expected =
            "{\"\\r\":null,\"0\":[{\"a\":null,\"b\":null}],\"1\":null,"
            + "\"\u{80}\":null,\"\u{f6}\":null,\"\u{20ac}\":null,\"\u{1f600}\":null,\"\u{fb33}\":null}"
        #expect(String(decoding: value.canonical(), as: UTF8.self) == expected)
    }

    private func random(depth: Int, using generator: inout SeededGenerator) -> JSONText {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3, 4: return .string(randomText(using: &generator))
        case 5:
            let count = Int.random(in: 0..<4, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth + 1, using: &generator) })
        default:
            let count = Int.random(in: 0..<4, using: &generator)
            return .object(
                (0..<count).map {
                    ("\($0)" + randomText(using: &generator), random(depth: depth + 1, using: &generator))
                }
            )
        }
    }

    private func randomText(using generator: inout SeededGenerator) -> String {
        let characters: [Character] = [
            "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "a", "é", "😀", "\u{2028}", "\u{7F}", " ",
        ]
        let count = Int.random(in: 0..<12, using: &generator)
        return String((0..<count).map { _ in characters.randomElement(using: &generator) ?? "a" })
    }

    private func equal(_ read: JSON, _ written: JSONText) -> Bool {
        switch written {
        case .null: return read.isNull
        case .bool(let value): return read.bool == value
        case .integer(let value): return read.integer == value
        case .string(let value): return read.utf8Bytes == Array(value.utf8)
        case .array(let values):
            guard let elements = read.elements, elements.count == values.count else { return false }
            return zip(elements, values).allSatisfy { equal($0, $1) }
        case .object(let members):
            guard let found = read.members, found.count == members.count else { return false }
            return zip(found, members).allSatisfy { Array($0.name.utf8) == Array($1.0.utf8) && equal($0.value, $1.1) }
        }
    }
}
