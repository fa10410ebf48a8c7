import Settings
import Testing

@Suite("Settings: values, and what an operator reads when one is wrong")
struct SettingsNodeTests {
    private func value(_ text: String) throws -> SettingsNode {
        try #require(try SettingsNode.parse("section:\n  key: \(text)\n").mapping().first).value.mapping()[0].value
    }

    @Test func textIsTakenAsWrittenWhateverItLooksLike() throws {
        #expect(try value("plain text").string() == "plain text")
        #expect(try value("123").string() == "123")
        #expect(try value("true").string() == "true")
        #expect(try value("'null'").string() == "null")
        #expect(try value("\"\"").string() == "")
        #expect(try value("|\n    a\n    b").string() == "a\nb\n")
    }

    @Test(arguments: ["", "~", "null", "[a]", "{a: 1}"])
    func valueThatIsNoTextIsRefused(text: String) {
        #expect(throws: SettingsError.wrongKind(path: "section.key", line: 2, expected: "a text")) {
            try value(text).string()
        }
    }

    @Test(arguments: [("true", true), ("True", true), ("yes", true), ("on", true), ("false", false), ("NO", false)])
    func truthIsReadAsYAML11HasIt(text: String, expected: Bool) throws {
        #expect(try value(text).bool() == expected)
    }

    @Test(arguments: ["'true'", "1", "", "maybe", "[true]", "tRue"])
    func valueThatIsNoTruthIsRefused(text: String) {
        #expect(throws: SettingsError.wrongKind(path: "section.key", line: 2, expected: "true or false")) {
            try value(text).bool()
        }
    }

    @Test func wholeNumberIsReadWithinItsRange() throws {
        #expect(try value("5").integer(in: 1...5) == 5)
        #expect(try value("-1").integer(in: -1...5) == -1)
        #expect(throws: SettingsError.invalid(path: "section.key", line: 2, rule: "must be from 1 to 5")) {
            try value("6").integer(in: 1...5)
        }
    }

    @Test(arguments: ["5.0", "'5'", "five", "", "99999999999999999999", "[5]"])
    func valueThatIsNoWholeNumberIsRefused(text: String) {
        #expect(throws: SettingsError.wrongKind(path: "section.key", line: 2, expected: "a whole number")) {
            try value(text).integer(in: .min ... .max)
        }
    }

    @Test(arguments: [("0s", 0), ("90s", 90), ("5m", 300), ("12h", 43_200), ("2d", 172_800)] as [(String, Int64)])
    func lengthOfTimeIsReadWithItsUnit(text: String, seconds: Int64) throws {
        #expect(try value(text).duration() == .seconds(seconds))
    }

    @Test(arguments: ["10", "s", "-5s", "1.5h", "5 m", "1h30m", "5ms", "99999999999999999999s", "4294967296d", "[5s]"])
    func valueThatIsNoLengthOfTimeIsRefused(text: String) {
        #expect(throws: SettingsError.self) { try value(text).duration() }
    }

    @Test func listsAndMappingsKeepTheirOrderAndAreNotMistaken() throws {
        #expect(try value("[b, a]").list().map { try $0.string() } == ["b", "a"])
        #expect(try value("{b: 1, a: 2}").mapping().map(\.key) == ["b", "a"])
        #expect(try value("").mapping().isEmpty)
        #expect(throws: SettingsError.wrongKind(path: "section.key", line: 2, expected: "a list")) {
            try value("text").list()
        }
        #expect(throws: SettingsError.self) { try value("[]").mapping() }
        #expect(throws: SettingsError.self) { try value("text").mapping() }
    }

    @Test func unknownKeyIsRefusedInItsOwnLineWithTheNearestName() throws {
        let text = "# comment\noidc-issuers:\n  https://a.test:\n    clientid: x\n"
        let issuer = try SettingsNode.parse(text).mapping()[0].value.mapping()[0].value
        let error = #expect(throws: SettingsError.self) { try issuer.object(known: ["issuer-url", "client-id"]) }
        #expect(
            error
                == .unknownKey(path: "oidc-issuers.https://a.test.clientid", line: 4, nearest: "client-id")
        )
        #expect(
            String(describing: try #require(error))
                == "line 4: oidc-issuers.https://a.test.clientid: unknown key, did you mean 'client-id'?"
        )
    }

    /// The value begins one line later; the misspelt word does not.
    @Test func unknownKeyOfASectionIsRefusedInTheLineOfTheKey() {
        #expect(throws: SettingsError.unknownKey(path: "oidc-isuers", line: 2, nearest: "oidc-issuers")) {
            try SettingsNode.parse("a: 1\noidc-isuers:\n  x: 1\n").object(known: ["a", "oidc-issuers"])
        }
    }

    @Test func keyLikeNoOtherIsRefusedWithoutAGuess() {
        #expect(throws: SettingsError.unknownKey(path: "zzz", line: 1, nearest: nil)) {
            try SettingsNode.parse("zzz: 1").object(known: ["listen", "oidc-issuers"])
        }
    }

    @Test func unknownKeysAreIgnoredOnRequest() throws {
        let object = try SettingsNode.parse("define: 1\nlisten: x").object(known: ["listen"], unknownKeys: .ignored)
        #expect(try object.string("listen") == "x")
    }

    @Test func missingKeyIsNamedWithThePathOfItsSection() throws {
        let section = try SettingsNode.parse("a: 1\nca:\n  key: k\n  chain:\n").mapping()[1].value
        let object = try section.object(known: ["key", "chain"])
        #expect(throws: SettingsError.missing(path: "ca.chain", line: 2)) { try object.required("chain") }
        #expect(object["chain"] == nil)
        #expect(try object.required("key").string() == "k")
    }

    @Test func valueOfAnAliasHasThePlaceWhereItIsUsed() throws {
        let text = "define:\n  - &t text\n  - &k key\nuse:\n  a: *t\n  *k : 5\n  b:\n    - *t\n"
        let members = try SettingsNode.parse(text).mapping()[1].value.mapping()
        #expect(members.map(\.value.line) == [5, 6, 7])
        #expect(members.map(\.value.path) == ["use.a", "use.key", "use.b"])
        let element = try #require(try members[2].value.list().first)
        #expect(element.path == "use.b[0]")
        #expect(element.line == 8)
    }

    @Test func rulesOfTheCallerAreReportedWithLineAndPath() throws {
        let error = try value("x").invalid("must be HOST:PORT")
        #expect(error == .invalid(path: "section.key", line: 2, rule: "must be HOST:PORT"))
        #expect(error.description == "line 2: section.key: must be HOST:PORT")
    }

    @Test func everyDescriptionHasLinePlaceAndRule() {
        #expect(
            SettingsError.duplicateKey(path: "a", line: 1, again: 3).description
                == "line 1: a: this key stands twice, again in line 3"
        )
        #expect(SettingsError.missing(path: "a.b", line: 1).description == "line 1: a.b: this key is missing")
        #expect(
            SettingsError.syntax(line: 1, column: 2, problem: "p").description == "line 1, column 2: p"
        )
        #expect(
            SettingsError.wrongKind(path: "a", line: 1, expected: "a list").description == "line 1: a: must be a list"
        )
    }
}
