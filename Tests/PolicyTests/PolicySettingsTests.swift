import Settings
import TestKit
import Testing

@testable import Policy

@Suite("What is refused when the configuration is read")
struct PolicySettingsTests {
    /// The error's sentence; lines 1 to 4 are the entry's own.
    private func refusal(_ text: String) -> String? {
        do {
            _ = try TestPolicy(text)
            return nil
        } catch {
            return "\(error)".replacing("oidc-issuers.\(TestPolicy.url).", with: "")
        }
    }

    private static func rule(_ conditions: String) -> String {
        "rules:\n  default: deny\n  list:\n    - id: it\n      allow:\n        \(conditions)"
    }

    private static let oneTest = "must have one test: glob, prefix, exists, or bounds such as at-most"
    private static let globRule =
        "must have 1 to 1024 bytes with * and ** as its only wildcards, and none of ? [ ] { } \\"

    static let refused: [(String, String)] = [
        ("rules:", "line 5: rules: has nothing in it: remove the key, or write what it should say"),
        ("Rules: ~", "line 5: Rules: has nothing in it: remove the key, or write what it should say"),
        ("limits:", "line 5: limits: has nothing in it: remove the key, or write what it should say"),
        ("tokens:", "line 5: tokens: has nothing in it: remove the key, or write what it should say"),
        ("rules: []", "line 5: rules: must be a mapping of keys and values"),
        ("rules: {list: []}", "line 5: rules.default: this key is missing"),
        ("rules: {default: deny}", "line 5: rules.list: this key is missing"),
        ("rules: {default: deny, list: {}}", "line 5: rules.list: must be a list"),
        ("rules: {default: maybe, list: []}", "line 5: rules.default: must be allow or deny"),
        ("rules: {default: deny, mode: dry, list: []}", "line 5: rules.mode: must be enforce or report"),
        ("rules: {default: deny, lists: []}", "line 5: rules.lists: unknown key, did you mean 'list'?"),
        (
            "rules: {default: deny, list: [{allow: {a: 1}}]}",
            "line 5: rules.list[0].id: this key is missing"
        ),
        (
            "rules: {default: deny, list: [{id: A, allow: {a: 1}}]}",
            "line 5: rules.list[0].id: must have 1 to 64 of the characters a-z, 0-9 and -"
        ),
        (
            "rules: {default: deny, list: [{id: \(String(repeating: "a", count: 65)), allow: {a: 1}}]}",
            "line 5: rules.list[0].id: must have 1 to 64 of the characters a-z, 0-9 and -"
        ),
        (
            "rules:\n  default: deny\n  list:\n    - {id: a, allow: {a: 1}}\n    - {id: a, deny: {a: 1}}",
            "line 9: rules.list[1]: the id 'a' stands twice in this entry, first in line 8"
        ),
        (
            "rules: {default: deny, list: [{id: a}]}",
            "line 5: rules.list[0]: must have one of allow and deny, with conditions in it"
        ),
        (
            "rules: {default: deny, list: [{id: a, allow: , deny: {a: 1}}]}",
            "line 5: rules.list[0].allow: has nothing in it: remove the key, or write what it should say"
        ),
        (
            "rules: {default: deny, list: [{id: a, allow: {a: 1}, deny: {a: 1}}]}",
            "line 5: rules.list[0]: must have one of allow and deny, with conditions in it"
        ),
        (
            "rules: {default: deny, list: [{id: a, allows: {a: 1}}]}",
            "line 5: rules.list[0].allows: unknown key, did you mean 'allow'?"
        ),
        (
            "rules: {default: deny, list: [{id: a, allow: {}}]}",
            "line 5: rules.list[0].allow: must have a condition; what happens without any is said by default"
        ),
        (
            "rules: {default: deny, list: [{id: a, deny: {}}]}",
            "line 5: rules.list[0].deny: must have a condition; what happens without any is said by default"
        ),
        (
            rule((0..<65).map { "c\($0): 1" }.joined(separator: "\n        ")),
            "line 9: rules.list[0].allow: must have at most 64 conditions, not 65"
        ),
        (
            rule("c:"),
            "line 10: rules.list[0].allow.c: must be a value, a list of values or a test; {exists: true} asks for any value"
        ),
        (rule("c: []"), "line 10: rules.list[0].allow.c: must have 1 to 1000 values, not 0"),
        (
            rule("c: [\(Array(repeating: "a", count: 1001).joined(separator: ","))]"),
            "line 10: rules.list[0].allow.c: must have 1 to 1000 values, not 1001"
        ),
        (rule("c: [a, [b]]"), "line 10: rules.list[0].allow.c[1]: must be a text"),
        (rule("c: [a, ~]"), "line 10: rules.list[0].allow.c[1]: must be a text"),
        (rule("c: {}"), "line 10: rules.list[0].allow.c: \(oneTest)"),
        (rule("c: {glob: a, prefix: b}"), "line 10: rules.list[0].allow.c: \(oneTest)"),
        (rule("c: {exists: true, at-most: 3}"), "line 10: rules.list[0].allow.c: \(oneTest)"),
        (rule("c: {globs: a}"), "line 10: rules.list[0].allow.c.globs: unknown key, did you mean 'glob'?"),
        (rule("c: {matches: a}"), "line 10: rules.list[0].allow.c.matches: unknown key"),
        (rule("c: {glob: 'a?'}"), "line 10: rules.list[0].allow.c.glob: \(globRule)"),
        (rule("c: {glob: '***'}"), "line 10: rules.list[0].allow.c.glob: \(globRule)"),
        (rule("c: {glob: [a]}"), "line 10: rules.list[0].allow.c.glob: must be a text"),
        (
            rule("c: {prefix: ''}"),
            "line 10: rules.list[0].allow.c.prefix: must have 1 to 1024 bytes; {exists: true} asks for any value"
        ),
        (
            rule("c: {exists: false}"),
            "line 10: rules.list[0].allow.c.exists: must not be false in allow: what a token lacks must never be what allows a certificate"
        ),
        (rule("c: {exists: maybe}"), "line 10: rules.list[0].allow.c.exists: must be true or false"),
        (rule("c: {at-most: 3.5}"), "line 10: rules.list[0].allow.c.at-most: must be a whole number"),
        (rule("c: {at-most: '3'}"), "line 10: rules.list[0].allow.c.at-most: must be a whole number"),
        (
            rule("c: {at-most: 9223372036854775807}"),
            "line 10: rules.list[0].allow.c.at-most: must be from -9223372036854775807 to 9223372036854775806"
        ),
        (
            rule("$c: a"),
            "line 10: rules.list[0].allow.$c: must be a claim's name, or a path such as $.a.b or $['a']['b']"
        ),
        (
            rule("$.c[0]: a"),
            "line 10: rules.list[0].allow.$.c[0]: must be a claim's name, or a path such as $.a.b or $['a']['b']"
        ),
        (rule("'': a"), "line 10: rules.list[0].allow.: must have a claim's name as its key"),
        (
            "limits: {issuer: , subject: {rate: 1/s, burst: 1}}",
            "line 5: limits.issuer: has nothing in it: remove the key, or write what it should say"
        ),
        (
            rule("c: {at-least: 1, at-most: }"),
            "line 10: rules.list[0].allow.c.at-most: has nothing in it: remove the key, or write what it should say"
        ),
        ("limits: {}", "line 5: limits: must have issuer or subject, or both"),
        ("limits: {issuers: {rate: 1/s, burst: 1}}", "line 5: limits.issuers: unknown key, did you mean 'issuer'?"),
        ("limits: {issuer: {burst: 1}}", "line 5: limits.issuer.rate: this key is missing"),
        ("limits: {issuer: {rate: 1/s}}", "line 5: limits.issuer.burst: this key is missing"),
        ("limits: {subject: {rate: 1/s, burst: 0}}", "line 5: limits.subject.burst: must be from 1 to 1000000"),
        ("limits: {subject: {rate: 1/s, burst: 1000001}}", "line 5: limits.subject.burst: must be from 1 to 1000000"),
        ("tokens: twice", "line 5: tokens: must be reusable, once, or a whole number from 1 to 1000000"),
        ("tokens: 0", "line 5: tokens: must be reusable, once, or a whole number from 1 to 1000000"),
        ("tokens: 1000001", "line 5: tokens: must be reusable, once, or a whole number from 1 to 1000000"),
        ("tokens: [once]", "line 5: tokens: must be a text"),
    ]

    @Test("each refusal names line, key and rule", arguments: refused)
    func wrongSettingsAreRefused(text: String, sentence: String) {
        #expect(refusal(text) == sentence)
    }

    @Test(
        "a rate is a number, a slash and a unit",
        arguments: ["0/s", "1000001/s", "1", "1/", "/s", "1/w", "1/ms", "+1/s", "-1/s", "1 /s", "1/s/s", "1.5/s", "''"]
    )
    func wrongRatesAreRefused(rate: String) {
        #expect(
            refusal("limits: {issuer: {rate: \(rate), burst: 1}}")
                == "line 5: limits.issuer.rate: must be 1 to 1000000, a slash, and s, m, h or d, such as 100/m"
        )
    }

    @Test(
        "a limit is told as it was written, or with a shorter time",
        arguments: [("100/m", "100/m"), ("60/m", "1/s"), ("1000000/s", "1000000/s"), ("1/d", "1/d"), ("25/d", "25/d")]
    )
    func limitsAreTold(rate: String, told: String) throws {
        let policy = try TestPolicy("limits: {issuer: {rate: \(rate), burst: 7}}\ntokens: 3")
        #expect(policy.policy.limits(of: policy.entry)?.issuer?.description == "\(told), burst 7")
        #expect(policy.policy.limits(of: policy.entry)?.subject == nil)
        #expect(policy.policy.tokenUses(of: policy.entry) == .limited(to: 3))
    }

    @Test func moreThanAThousandRulesAreRefused() {
        func rules(_ count: Int) -> String {
            "rules:\n  default: deny\n  list:\n"
                + (0..<count).map { "    - {id: r\($0), deny: {a: 1}}" }.joined(separator: "\n")
        }
        #expect(refusal(rules(1000)) == nil)
        #expect(refusal(rules(1001)) == "line 7: rules.list: must have at most 1000 rules, not 1001")
    }

    @Test func garbageNeverTraps() throws {
        var random = SeededGenerator(seed: 99)
        let pieces = [
            "rules: ", "limits: ", "tokens: ", "default: deny", "list: ", "id: a", "allow: ", "deny: ", "{", "}", "[",
            "]",
            ", ", "glob: ", "'**'", "exists: ", "true", "false", "at-most: ", "9999999999999999999", "-1", "rate: ",
            "1/s", "burst: ", "5", "\n  ", "\n", "- ", "$.a['b']", "c: ", "~", "once", "mode: report", "\"", "&a ",
            "*a",
        ]
        var read = 0
        for _ in 0..<5000 {
            let text = String(decoding: random.soup(of: pieces, countMax: 25), as: UTF8.self)
            guard let policy = try? TestPolicy(text) else { continue }
            _ = try policy.refusal(#"{"c":"x","a":{"b":5}}"#)
            read += 1
        }
        #expect(read > 0)
    }
}
