import TestKit
import Testing

@testable import Policy

@Suite("Globs: * within a segment, ** across segments, and nothing else")
struct GlobTests {
    @Test(
        "a pattern matches the whole text or nothing",
        arguments: [
            ("acme", "acme", true), ("acme", "acme2", false), ("acme", "xacme", false), ("*", "acme", true),
            ("*", "a/b", false), ("**", "a/b", true), ("a*", "a", true), ("a*c", "abc", true), ("a*c", "abcd", false),
            ("a*c", "ac", true), ("a/*", "a/b", true), ("a/*", "a/b/c", false), ("a/**", "a/b/c", true),
            ("a/**/z", "a/b/c/z", true), ("a/**/z", "a/z", false), ("**/z", "z", false), ("**z", "z", true),
            ("a/*/c", "a/b/c", true), ("a/*/c", "a/b/b/c", false), ("*/*", "a/b", true), ("*/*", "a", false),
            ("refs/heads/release-*", "refs/heads/release-1.2", true),
            ("refs/heads/release-*", "refs/heads/release-1/2", false),
            ("acme/*/release-**", "acme/app/release-2026/09", true), ("acme/*/release-**", "acme/release-1", false),
            ("**b*c", "a/b/bxc", true), ("**b*c", "a/bx/c", false), ("*a*/*a*", "bab/cac", true),
            ("**/a*b/**", "x/acb/y/ab/z", true), ("**a**b**", "xx/a/yy/b/zz", true), ("**a**b**", "b/a", false),
            ("*.example", "a.example", true), ("A", "a", false), ("\u{e9}*", "\u{e9}x", true),
            ("\u{e9}*", "e\u{301}x", false), ("*", "\u{1F600}", true),
        ]
    )
    func wholeTextMatches(pattern: String, text: String, expected: Bool) throws {
        #expect(try globMatches(pattern, text) == expected)
    }

    @Test(
        "no wildcard covers an empty segment, . or ..",
        arguments: [
            ("acme/**", "acme/../evil"), ("acme/**", "acme/x/.."), ("acme/**", "acme/./x"), ("acme/**", "acme//x"),
            ("acme/**", "acme/"), ("acme/*", "acme/"), ("acme/*/x", "acme//x"), ("acme/*", "acme/.."),
            ("acme/*", "acme/."), ("acme/*.", "acme/.."), ("**", "/etc"), ("**/x", "/x"), ("**/x", "../x"),
            ("**", ".."),
            ("*", ""), ("**", ""), ("https://*/x", "https:///x"), ("https://h/**", "https://h/a//b"),
            ("a//b/**", "a//b/../c"), ("**//b", "a//c//b"),
        ]
    )
    func oddSegmentsAreNotCovered(pattern: String, text: String) throws {
        #expect(try !globMatches(pattern, text))
    }

    @Test(
        "those that the pattern writes out are meant",
        arguments: [
            ("https://h/**", "https://h/a/b"), ("a//b/*", "a//b/c"), ("/srv/*", "/srv/x"), ("*/", "a/"),
            ("a/../*", "a/../b"), ("host/*//.ci.yml@**", "host/app//.ci.yml@refs/heads/main"),
            ("a/**", "a/.hidden"), ("a/**", "a/..."), ("a/**", "a/b..c"),
        ]
    )
    func writtenSegmentsMatch(pattern: String, text: String) throws {
        #expect(try globMatches(pattern, text))
    }

    @Test(
        "a pattern that somebody else's tool would read otherwise is refused",
        arguments: [
            "", "a?", "[ab]", "a]", "{a,b}", "a}", "a\\*", "***", "a***b", "a****", String(repeating: "a", count: 1025),
        ]
    )
    func foreignPatternsAreRefused(pattern: String) {
        #expect(Glob(pattern) == nil)
    }

    @Test("a pattern of every length up to 1024 bytes matches itself and nothing near it")
    func longPatternsWork() throws {
        for count in [1, 62, 63, 64, 65, 127, 128, 129, 1023, 1024] {
            let text = String(repeating: "a", count: count)
            #expect(try globMatches(text, text))
            #expect(try !globMatches(text, text + "a"))
            #expect(try !globMatches(text, String(text.dropLast())))
            let starred = String(text.dropLast()) + "*"
            #expect(try globMatches(starred, text + "bcd"))
            #expect(try !globMatches(starred, text + "/d"))
        }
    }

    @Test("what makes others try every way takes no longer", .timeLimit(.minutes(1)))
    func adversarialPatternsTakeBoundedTime() throws {
        let text = String(repeating: "a", count: 1 << 16)
        #expect(try !globMatches(String(repeating: "*a", count: 500) + "*b", text))
        #expect(try globMatches(String(repeating: "*a", count: 500) + "*", text))
        #expect(try !globMatches(String(repeating: "**a", count: 340) + "b", text))
        let segments = String(repeating: "a/", count: 1 << 15) + "a"
        #expect(try !globMatches(String(repeating: "**a*/", count: 200) + "b", segments))
    }

    @Test("a pattern matches what the definition says it does")
    func agreesWithTheDefinition() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["a", "b", "/", ".", "*", "**", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        for _ in 0..<20_000 {
            let pattern = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            let text = String(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in "ab/.".randomElement(using: &random) ?? "a" }
            )
            guard Glob(pattern) != nil else { continue }
            let odd = { (text: String) in
                text.split(separator: "/", omittingEmptySubsequences: false).count { ["", ".", ".."].contains($0) }
            }
            let expected = Self.defined(Array(pattern), Array(text)) && odd(pattern) == odd(text)
            #expect(try globMatches(pattern, text) == expected, "\(pattern) \(text)")
        }
    }

    /// The definition, in as many steps as it takes.
    private static func defined(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard first == "*" else {
            return text.first == first && defined(Array(pattern.dropFirst()), Array(text.dropFirst()))
        }
        let crosses = pattern.dropFirst().first == "*"
        let rest = Array(pattern.dropFirst(crosses ? 2 : 1))
        for count in 0...text.count {
            if !crosses, text.prefix(count).contains("/") { return false }
            if defined(rest, Array(text.dropFirst(count))) { return true }
        }
        return false
    }
}
