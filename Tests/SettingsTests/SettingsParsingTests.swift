import Settings
import TestKit
import Testing

@Suite("OIDC-2, OIDC-3: YAML and JSON as Go reads them")
struct SettingsParsingTests {
    private static let publicShape = """
        define:
          - &github-type "github-workflow"
          - &common
            client-id: sigstore
            ci-provider: *github-type
        oidc-issuers:
          https://one.test:
            <<: *common
            issuer-url: https://one.test
          https://two.test: *common
        ci-issuer-metadata:
          *github-type :
            default-template-values:
              url: "https://github.com"
          'gitlab-pipeline':
            default-template-values: {url: https://gitlab.com}
        """

    @Test func anchorsWorkAsValuesAsKeysAndInMergeKeys() throws {
        let root = try SettingsNode.parse(Self.publicShape).object(
            known: ["oidc-issuers", "ci-issuer-metadata"],
            unknownKeys: .ignored
        )
        let issuers = try root.required("oidc-issuers").mapping()
        #expect(issuers.map(\.key) == ["https://one.test", "https://two.test"])
        let one = try issuers[0].value.object(known: ["issuer-url", "client-id", "ci-provider"])
        #expect(try one.string("issuer-url") == "https://one.test")
        #expect(try one.string("client-id") == "sigstore")
        #expect(try one.string("ci-provider") == "github-workflow")
        let metadata = try root.required("ci-issuer-metadata").mapping()
        #expect(metadata.map(\.key) == ["github-workflow", "gitlab-pipeline"])
        let values = try metadata[0].value.object(known: ["default-template-values"])
        #expect(try values.required("default-template-values").mapping()[0].value.string() == "https://github.com")
    }

    @Test func ownMemberWinsOverMergedAndEarlierMergedOverLater() throws {
        let text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, y: 2, z: 2}\nc:\n  y: 3\n  <<: [*a, *b]\n"
        let c = try #require(try SettingsNode.parse(text).mapping().last)
        var found: [String: String] = [:]
        for (key, value) in try c.value.mapping() { found[key] = try value.string() }
        #expect(found == ["x": "1", "y": "3", "z": "2"])
    }

    @Test func mergingWhatIsNoMappingIsRefused() {
        #expect(throws: SettingsError.wrongKind(path: "a", line: 2, expected: "a mapping to merge")) {
            try SettingsNode.parse("a:\n  <<: text\n")
        }
    }

    /// Every value has a copy of them: half a megabyte of key and 100,000 values would take 50 gigabytes.
    @Test func keysThatLeadToAValueAreBounded() throws {
        _ = try SettingsNode.parse("? \(String(repeating: "k", count: 4096))\n: 1\n")
        let problem = "the keys that lead here have over 4096 bytes"
        #expect(throws: SettingsError.syntax(line: 2, column: 1, problem: problem)) {
            try SettingsNode.parse("a:\n  ? \(String(repeating: "k", count: 4095))\n  : 1\n")
        }
    }

    @Test func quotedMergeKeyIsAnOrdinaryKey() throws {
        let members = try SettingsNode.parse("a: {'<<': 1}").mapping()[0].value.mapping()
        #expect(members.map(\.key) == ["<<"])
    }

    @Test func jsonIsReadTooWithKeysAsGoSpellsThem() throws {
        let text = """
            {
            \t"OIDCIssuers": {"https://x.test": {"IssuerURL": "https://x.test", "clientid": "sigstore", "Type": "email",
            \t\t"Contact": "nobody\\u0040x.test", "Other": [1, true, null]}}
            }
            """
        let root = try SettingsNode.parse(text).object(known: ["oidc-issuers"], spelling: .kebabOrCamel)
        let entry = try root.required("oidc-issuers").mapping()[0].value.object(
            known: ["issuer-url", "client-id", "type", "contact"],
            unknownKeys: .ignored,
            spelling: .kebabOrCamel
        )
        #expect(try entry.string("issuer-url") == "https://x.test")
        #expect(try entry.string("client-id") == "sigstore")
        #expect(try entry.string("type") == "email")
        #expect(try entry.string("contact") == "nobody@x.test")
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", "a", 1, 3), ("x:\n  a: 1\n  b:\n    a: 9\n  'a' : 3\n", "a", 2, 5),
        ("{\n  \"a\": 1,\n  \"a\": 2\n}\n", "a", 2, 3), ("- k: 1\n- k: 1\n  k: 2\n", "k", 2, 3),
        ("é: 1\nb: 1\né: 2\n", "é", 1, 3),
    ])
    func duplicateKeyIsRefusedWithBothLines(text: String, key: String, line: Int, again: Int) {
        #expect(throws: SettingsError.duplicateKey(path: key, line: line, again: again)) {
            try SettingsNode.parse(text)
        }
    }

    @Test(arguments: ["a: {b: 1, b: 2}", "{\"a\":1,\"a\":1}", "k: &k x\n*k : 1\n*k : 2"])
    func duplicateKeyIsRefusedWhereTheSecondLineIsNotFound(text: String) {
        #expect {
            try SettingsNode.parse(text)
        } throws: { error in
            if case .duplicateKey = error as? SettingsError { true } else { false }
        }
    }

    @Test func keySpeltInTwoWaysIsADuplicateWithBothLines() {
        #expect(throws: SettingsError.duplicateKey(path: "client-id", line: 1, again: 2)) {
            try SettingsNode.parse("client-id: a\nClientID: b\n").object(
                known: ["client-id"],
                spelling: .kebabOrCamel
            )
        }
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "~", "null"])
    func textWithoutValueIsAnEmptyMapping(text: String) throws {
        #expect(try SettingsNode.parse(text).mapping().isEmpty)
    }

    @Test(arguments: [
        ("a: [1, 2", 1), ("a: b: c", 1), ("a: *none", 1), ("ok: 1\n\tbad: 2\n", 2), ("a: &x [*x]", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: \u{1}\n", 2), ("a: 'x", 1), ("a: \"\\q\"", 1),
    ])
    func textThatIsNotYAMLIsRefusedWithItsLine(text: String, line: Int) {
        #expect {
            try SettingsNode.parse(text)
        } throws: { error in
            guard case .syntax(let found, _, let problem) = error as? SettingsError else { return false }
            return (line...line + 1).contains(found) && !problem.isEmpty
        }
    }

    @Test(.timeLimit(.minutes(1))) func aliasBombIsRefused() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let previous = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(previous)]\n"
        }
        #expect(throws: SettingsError.tooLarge(nodesMax: SettingsNode.nodesMax)) { try SettingsNode.parse(text) }
    }

    @Test func aliasBombThroughMergeKeysIsRefused() {
        var text = "a0: &a0 {k0: {x: 1, y: 1}}\n"
        for level in 1...20 {
            text += "a\(level): &a\(level) {p: *a\(level - 1), q: *a\(level - 1), <<: *a\(level - 1)}\n"
        }
        #expect(throws: SettingsError.tooLarge(nodesMax: SettingsNode.nodesMax)) { try SettingsNode.parse(text) }
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func deepNestingIsRefusedNotATrap(opening: String) {
        #expect(throws: SettingsError.self) { try SettingsNode.parse(String(repeating: opening, count: 100_000)) }
        _ = try? SettingsNode.parse(String(repeating: "[", count: 900) + String(repeating: "]", count: 900))
    }

    @Test func listAsKeyIsRefused() {
        #expect(throws: SettingsError.wrongKind(path: "a", line: 2, expected: "a mapping with texts as keys")) {
            try SettingsNode.parse("a:\n  ? [1, 2]\n  : x\n")
        }
    }

    @Test func garbageNeverTraps() {
        var generator = SeededGenerator(seed: 11)
        let pieces = [
            "a", "b", ": ", "- ", "\n", "  ", "&x ", "*x", "[", "]", "{", "}", ", ", "'", "\"", "<<", "? ", "|\n", ">",
            "#", "!t ",
            "---\n", "...\n", "%", "@", "\t", "é", "\u{FEFF}", "~",
        ]
        var parsed = 0
        for _ in 0..<30_000 {
            let text = (0..<Int.random(in: 0...14, using: &generator))
                .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            if let node = try? SettingsNode.parse(text) {
                parsed += 1
                _ = try? node.mapping()
                _ = try? node.list()
                _ = try? node.string()
                _ = try? node.duration()
            }
        }
        #expect(parsed > 1_000)
    }
}
