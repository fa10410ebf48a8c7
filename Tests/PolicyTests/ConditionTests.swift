import TestKit
import Testing
import Wire

@testable import Policy

@Suite("Conditions: what a claim must be")
struct ConditionTests {
    /// A condition on the claim `c`, its value as JSON, and whether it holds.
    static let cases: [(String, String, Bool)] = [
        // Equality is of bytes, and of scalars as text.
        ("c: acme", #""acme""#, true), ("c: acme", #""Acme""#, false), ("c: acme", #""acme ""#, false),
        ("c: acme", #""acme/x""#, false), ("c: ''", #""""#, true), ("c: ''", "null", false), ("c: ''", "[]", false),
        ("c: \"\u{e9}\"", "\"\u{e9}\"", true), ("c: \"\u{e9}\"", "\"e\u{301}\"", false),
        ("c: true", "true", true), ("c: true", #""true""#, true), ("c: true", "false", false), ("c: true", "1", false),
        ("c: True", "true", false), ("c: false", "false", true), ("c: false", "null", false), ("c: false", "0", false),
        ("c: 123", "123", true), ("c: '123'", "123", true), ("c: 123", #""123""#, true), ("c: 123", "123.0", false),
        ("c: -9223372036854775808", "-9223372036854775808", true), ("c: 9007199254740993", "9007199254740992", false),
        ("c: '1.5'", "1.5", false), ("c: '1.5'", #""1.5""#, true), ("c: '{}'", "{}", false), ("c: '[]'", "[]", false),
        // One of several.
        ("c: [branch, tag]", #""tag""#, true), ("c: [branch, tag]", #""tags""#, false),
        ("c: [b, a, c, a]", #""c""#, true), ("c: [true, 5]", "5", true), ("c: [branch, tag]", "{\"tag\":1}", false),
        // A list satisfies by one element; lists in lists don't count.
        ("c: admins", #"["users","admins"]"#, true), ("c: admins", #"["users"]"#, false), ("c: admins", "[]", false),
        ("c: admins", #"[["admins"]]"#, false), ("c: [x, y]", #"[null,{},1.5,"y"]"#, true),
        ("c: {prefix: team-}", #"["x","team-1"]"#, true), ("c: {glob: 'team-*'}", #"["x","team-1"]"#, true),
        ("c: {at-most: 3}", "[9,\"3\"]", true), ("c: {at-least: 3, at-most: 5}", "[1,9]", false),
        // Beginnings.
        ("c: {prefix: 'acme/'}", #""acme/x""#, true), ("c: {prefix: 'acme/'}", #""acme/""#, true),
        ("c: {prefix: 'acme/'}", #""acme""#, false), ("c: {prefix: 'acme/'}", #""xacme/""#, false),
        ("c: {prefix: 1}", "12", true), ("c: {prefix: e}", "\"e\u{301}\"", true),
        // Patterns; more in GlobTests.
        ("c: {glob: 'acme/*/release-**'}", #""acme/x/release-1/2""#, true),
        ("c: {glob: 'acme/*/release-**'}", #""acme/x/y/release-1""#, false), ("c: {glob: '1*'}", "12", true),
        // Whether it is there.
        ("c: {exists: true}", #""""#, true), ("c: {exists: true}", "false", true), ("c: {exists: true}", "[]", true),
        ("c: {exists: true}", "{}", true), ("c: {exists: true}", "null", false),
        // Numbers, exact for whole ones.
        ("c: {at-most: 3}", "3", true), ("c: {at-most: 3}", "4", false), ("c: {at-most: 3}", "3.0", true),
        ("c: {at-most: 3}", "3.1", false), ("c: {at-least: 3}", "2.9", false), ("c: {at-least: 3}", "3", true),
        ("c: {more-than: 3}", "3", false), ("c: {more-than: 3}", "3.1", true), ("c: {more-than: 3}", "4", true),
        ("c: {less-than: 3}", "3", false), ("c: {less-than: 3}", "2.9", true), ("c: {less-than: 3}", "-5", true),
        ("c: {more-than: 9007199254740992}", "9007199254740993", true),
        ("c: {more-than: 9007199254740992}", "9007199254740992", false),
        ("c: {more-than: 9007199254740992}", #""9007199254740993""#, true),
        ("c: {more-than: 9223372036854775806}", "9223372036854775807", true),
        ("c: {more-than: 9223372036854775806}", #""99999999999999999999""#, true),
        ("c: {at-most: 9223372036854775806}", #""99999999999999999999""#, false),
        ("c: {less-than: -9223372036854775806}", #""-99999999999999999999""#, true),
        ("c: {more-than: 0}", "1e300", true), ("c: {less-than: 0}", "-1e300", true),
        ("c: {at-most: 3}", "1e300", false),
        ("c: {at-most: 3}", #""3""#, true), ("c: {at-most: 3}", #""-3""#, true), ("c: {at-most: 3}", #""03""#, true),
        ("c: {at-most: 3}", #""+3""#, false), ("c: {at-most: 3}", #""3.0""#, false),
        ("c: {at-most: 3}", #"" 3""#, false),
        ("c: {at-most: 3}", #""-""#, false), ("c: {at-most: 3}", #""""#, false),
        ("c: {at-most: 3}", #""three""#, false),
        ("c: {at-most: 3}", "true", false), ("c: {at-most: 3}", "null", false), ("c: {at-most: 3}", "{}", false),
        ("c: {at-least: 2, at-most: 4}", "3", true), ("c: {at-least: 2, at-most: 4}", "5", false),
        ("c: {more-than: 2, less-than: 4}", "2", false),
        // Names are exact.
        ("C: acme", #""acme""#, false), ("'c ': acme", #""acme""#, false),
        // Claims in others.
        ("$.c.d: x", #"{"d":"x"}"#, true), ("$.c.d: x", #"{"d.e":"x"}"#, false), ("$.c.d: x", #""x""#, false),
        ("\"$['c']['k8s.io/n']\": x", #"{"k8s.io/n":"x"}"#, true), ("$.c.d: x", #"[{"d":"x"}]"#, false),
        ("$.c.d.e: {exists: true}", #"{"d":null}"#, false), ("$.c: x", #""x""#, true),
    ]

    @Test("a condition holds exactly when it should", arguments: cases)
    func conditionHoldsWhenItShould(condition: String, value: String, expected: Bool) throws {
        let claims = #"{"a":"acme","c":\#(value),"z":["acme"]}"#
        #expect(try TestPolicy.allowing(condition).allows(claims) == expected)
        // The same condition in a deny says the opposite.
        #expect(try TestPolicy.denying(condition).allows(claims) == !expected)
    }

    @Test func missingClaimMeetsNoConditionButExistsFalse() throws {
        for condition in [
            "c: ''", "c: x", "c: {prefix: x}", "c: {glob: '**'}", "c: {exists: true}", "c: {at-least: 0}",
        ] {
            #expect(try !TestPolicy.allowing(condition).allows(#"{"a":1}"#))
            #expect(try TestPolicy.denying(condition).allows(#"{"a":1}"#))
        }
        #expect(try !TestPolicy.denying("c: {exists: false}").allows(#"{"a":1}"#))
        #expect(try !TestPolicy.denying("c: {exists: false}").allows(#"{"c":null}"#))
        #expect(try TestPolicy.denying("c: {exists: false}").allows(#"{"c":0}"#))
        #expect(try !TestPolicy.denying("$.c.d: {exists: false}").allows(#"{"c":"d"}"#))
    }

    @Test("a path with a hole is no way around", arguments: ["[]", "null", #""x""#, "5", "{}"])
    func pathThroughSomethingElseIsMissing(value: String) throws {
        #expect(try !TestPolicy.allowing("$.c.d: x").allows(#"{"c":\#(value)}"#))
    }

    @Test func allConditionsMustHold() throws {
        let policy = try TestPolicy.allowing("a: 1, b: 2, c: 3")
        #expect(try policy.allows(#"{"a":1,"b":2,"c":3}"#))
        for claims in [#"{"a":0,"b":2,"c":3}"#, #"{"a":1,"b":0,"c":3}"#, #"{"a":1,"b":2,"c":0}"#, #"{"a":1,"b":2}"#] {
            #expect(try !policy.allows(claims))
        }
    }

    @Test("an allow whose conditions are on claims that a token lacks never permits")
    func unknownClaimNeverAllows() throws {
        var random = SeededGenerator(seed: 31)
        let tests = [
            "x", "''", "[a, b, true, '', 0]", "{glob: '**'}", "{glob: '*'}", "{prefix: a}", "{exists: true}",
            "{at-least: -5}", "{less-than: 5}",
        ]
        let values = [
            "null", "true", "false", "0", "-1.5", #""""#, #""a""#, "[]", #"["a",null]"#, "{}", #"{"n1":"a"}"#,
        ]
        for _ in 0..<2000 {
            let present = (0..<Int.random(in: 0...4, using: &random)).map { "n\($0)" }
            var members = present.map { "\"\($0)\":\(values.randomElement(using: &random) ?? "0")" }
            if Bool.random(using: &random) { members.append(#""absent":null"#) }
            var conditions = present.map { "\($0): {exists: true}" }
            let claim = ["absent", "N0", "$.n0.deep", "$.absent", "n0.n1"].randomElement(using: &random) ?? ""
            conditions.append("\(claim): \(tests.randomElement(using: &random) ?? "x")")
            conditions.shuffle(using: &random)
            let policy = try TestPolicy.allowing(conditions.joined(separator: ", "))
            #expect(try !policy.allows("{\(members.joined(separator: ","))}"), "\(conditions) \(members)")
        }
    }
}
