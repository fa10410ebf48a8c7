import TestKit
import Testing

@testable import Identity

@Suite("OIDC-21, OIDC-23: what patterns match, and whether they share an issuer")
struct IssuerPatternTests {
    @Test(
        "OIDC-21: a pattern matches whole issuers only",
        arguments: [
            ("https://a.example/1", true), ("https://a.example/a_b-C", true), ("https://a.example/", false),
            ("https://a.example/1/2", false), ("https://a.example/1.2", false), ("https://aXexample/1", false),
            ("https://evil.example/?https://a.example/1", false), ("https://a.example/1\n", false),
            ("https://a.example/ä", false), ("https://a.example/*", false),
        ]
    )
    func patternIsAnchored(issuer: String, matches: Bool) {
        #expect(IssuerPattern("https://a.example/*").matches(IssuerURL(issuer)) == matches)
    }

    @Test("a pattern of many stars stays quick")
    func manyStarsStayQuick() {
        let pattern = IssuerPattern("https://*.*.*.*.*/*/*-*")
        #expect(!pattern.matches(IssuerURL("https://" + String(repeating: "a", count: 2000))))
        #expect(pattern.matches(IssuerURL("https://a.b.c.d.e/f/g-h")))
        let hostile = IssuerPattern(String(repeating: "*-", count: 100) + ".")
        #expect(!hostile.matches(IssuerURL(String(repeating: "-", count: 2048))))
    }

    @Test(
        arguments: [
            ("https://a.example/*", "https://*.example/y", true), ("*b", "a*", true), ("*a", "a", false),
            ("**", "a", false), ("**", "ab", true), ("*.*", "*.a.*", false), ("a*c", "*b*", true), ("", "", true),
            ("a*a", "aa", false), ("*/*", "a/b", true), ("*-prod", "team-*", true),
        ]
    )
    func intersectionIsKnown(left: String, right: String, expected: Bool) {
        #expect(IssuerPattern(left).intersects(IssuerPattern(right)) == expected)
        #expect(IssuerPattern(right).intersects(IssuerPattern(left)) == expected)
    }

    /// Matching by backtracking, as far from the automaton as can be.
    private func naive(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard let letter = text.first else { return false }
        if first != "*" { return letter == first && naive(text.dropFirst(), pattern.dropFirst()) }
        guard letter != "." else { return false }
        return naive(text.dropFirst(), pattern.dropFirst()) || naive(text.dropFirst(), pattern)
    }

    /// All texts of up to seven letters, two in the class and one outside. Two patterns of up to four letters that share a
    /// text share one that short: each of its letters leads one of them a place further, and the first one both.
    private static let texts: [[Character]] = {
        var texts: [[Character]] = [[]]
        var last = texts
        for _ in 0..<7 {
            last = last.flatMap { text in ["a", "b", "."].map { text + [$0] } }
            texts += last
        }
        return texts
    }()

    @Test("two patterns intersect if and only if some text matches both", arguments: 0..<20)
    func intersectionIsExact(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let (left, right) = (pattern(&generator), pattern(&generator))
            let common = Self.texts.first { naive($0[...], left[...]) && naive($0[...], right[...]) }
            let found = IssuerPattern(String(left)).intersects(IssuerPattern(String(right)))
            #expect(found == (common != nil), "\(String(left)) \(String(right))")
            for text in Self.texts.prefix(200) {
                let matches = IssuerPattern(String(left)).matches(IssuerURL(String(text)))
                #expect(matches == naive(text[...], left[...]), "\(String(left)) \(String(text))")
            }
        }
    }

    private func pattern(_ generator: inout SeededGenerator) -> [Character] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            ["a", "b", ".", "*", "*"].randomElement(using: &generator) ?? "*"
        }
    }
}
