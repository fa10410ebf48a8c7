import Templates
import TestKit
import Testing

@Suite("ID-32, ID-36: templates mean what Go's text/template says they mean")
struct TemplateTests {
    static let values = [
        "a": "x", "b": "", "job": "job-7", "kind": "tag", "n/a.me": "slash", "html": "<b>&\"'</b>", "é": "accent",
        "q": "a b/ü~\n",
    ]

    @Test(
        "known answers",
        arguments: [
            ("", ""), ("plain } text {", "plain } text {"), ("{{.a}}-{{ .job }}", "x-job-7"), ("{{$.a}}", "x"),
            (#"{{index . "n/a.me"}}{{(index $ "none")}}"#, "slash"), ("{{.é}}", "accent"),
            // Literals and printing.
            (#"{{"a\tb\\\"\u00e9\x41\U0001F600"}}"#, "a\tb\\\"éA😀"), ("{{`a\\n\r`}}", "a\\n"),
            ("{{-3}} {{+4}} {{0}}", "-3 4 0"),
            ("{{true}}{{not true}}", "truefalse"), ("{{len .job}} {{len \"é\"}}", "5 2"),
            // Trim markers and remarks.
            ("a  {{- .a -}}  b", "axb"), ("a\n{{- /* gone */ -}}\n b", "ab"), ("a {{/* {{ }} */}} b", "a  b"),
            ("{{23 -}} < {{- 45}}", "23<45"), ("{{.a  -}} b", "xb"), ("  {{- \"\" -}}  {{- \"\" -}}  ", ""),
            // Conditions.
            (#"{{if eq .kind "tag"}}T{{else if eq .kind "branch"}}B{{else}}O{{end}}"#, "T"),
            (#"{{if eq .kind "no" "tag"}}one of them{{end}}"#, "one of them"),
            ("{{if .b}}1{{else if .a}}2{{else}}3{{end}}", "2"),
            ("{{if 0}}1{{end}}{{if false}}2{{end}}{{if \"\"}}3{{end}}{{if -1}}4{{end}}", "4"),
            (#"{{eq "K" "\u212A"}} {{ne "\u00e9" "e\u0301"}}"#, "false true"),
            (#"{{if ne .a "x"}}1{{else}}2{{end}}"#, "2"),
            ("{{eq 1 1}} {{ne true false}} {{eq (len .a) 1}}", "true true true"),
            ("{{if index . \"none\"}}1{{else}}2{{end}}", "2"),
            // and, or, not: operands, not truth values; the rest isn't looked at.
            ("{{or .b .a}}{{and .a .job}}{{and .b .missing}}{{or .a .missing}}", "xjob-7x"), ("{{or .b \"\" 0}}", "0"),
            ("{{not .b}} {{not (or .a .b)}}", "true false"),
            // with, variables.
            ("{{with .a}}[{{.}} {{$.job}} {{index $ \"a\"}}]{{else}}none{{end}}", "[x job-7 x]"),
            ("{{with .b}}{{.}}{{else}}{{.a}}{{end}}", "x"),
            ("{{with len .job}}{{.}}{{end}}", "5"),
            ("{{$v := .job}}{{$v}}{{if .a}}{{$v := .a}}{{$v}}{{end}}{{$v}}", "job-7xjob-7"),
            ("{{if $v := .a}}{{$v}}{{end}}{{with $w := .b}}{{else}}[{{$w}}]{{end}}", "x[]"),
            // Pipelines and parentheses.
            (#"{{.job | printf "%q"}} {{printf "%s-%s" .job .a}}"#, #""job-7" job-7-x"#),
            ("{{.b | not | not}}", "false"),
            (#"{{printf "%d%% %v %v %v" 50 .a 7 true}}"#, "50% x 7 true"), ("{{((.a))}}", "x"),
            (#"{{printf "%q" "a\n\"é\x01\u200b"}}"#, #""a\n\"é\x01\u200b""#), (#"{{"x" | eq .a}}"#, "true"),
            // The rest.
            ("{{slice .job 4}}{{slice .job 0 2}}{{slice .a}}", "7jox"),
            ("{{html .html}}", "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"),
            ("{{urlquery .q}} {{urlquery 7}}", "a+b%2F%C3%BC~%0A 7"),
        ]
    )
    func templateMeansWhatItMeansInGo(text: String, expected: String) throws {
        #expect(try Template(text).render { Self.values[$0] } == expected)
    }

    @Test(
        "what is outside the language is refused when parsed, with its place",
        arguments: [
            ("{{", 1, 1, "no end"), ("a\nb {{.a", 2, 3, "no end"), ("{{/* a", 1, 1, "no end"),
            ("{{/* a */ .b}}", 1, 1, "all of its action"),
            ("{{}}", 1, 3, "value is missing"), ("{{.a | }}", 1, 8, "value is missing"),
            ("{{range .a}}{{end}}", 1, 3, "'range' is not"),
            ("{{template \"x\"}}", 1, 3, "'template' is not"), ("{{nil}}", 1, 3, "'nil' is not"),
            ("{{foo .a}}", 1, 3, "'foo' is not"),
            ("{{if .a}}", 1, 3, "without '{{end}}'"), ("{{end}}", 1, 3, "'end' without a block"),
            ("x{{else}}", 1, 4, "'else' without"),
            ("{{if .a}}{{else}}{{else}}{{end}}", 1, 20, "second 'else'"), ("{{if}}{{end}}", 1, 5, "value is missing"),
            ("{{end .a}}", 1, 3, "'end' without"), ("{{if .a}}{{end .a}}", 1, 16, "unexpected '.a'"),
            ("{{.a.b}}", 1, 5, "no fields"), ("{{.a .b}}", 1, 3, "takes no arguments"),
            ("{{.a | .b}}", 1, 8, "is no function"),
            ("{{.}}", 1, 3, "all values together"), ("{{if .}}{{end}}", 1, 6, "all values together"),
            ("{{$x := $}}", 1, 9, "all values"),
            ("{{len .}}", 1, 3, "needs a text"), ("{{index .a \"b\"}}", 1, 3, "index needs the dot"),
            ("{{index . 1}}", 1, 3, "index needs"),
            ("{{with .a}}{{.a}}{{end}}", 1, 14, "write $.a"), ("{{$x}}", 1, 3, "undefined variable $x"),
            ("{{$x = .a}}", 1, 6, "unexpected character '='"),
            ("{{if .a}}{{$x := .a}}{{end}}{{$x}}", 1, 31, "undefined"), ("{{$ := .a}}", 1, 3, "can't be given"),
            ("{{eq .a}}", 1, 3, "can't take 1"), ("{{ne 1 2 3}}", 1, 3, "can't take 3"),
            ("{{not}}", 1, 3, "can't take 0"), ("{{eq .a 1}}", 1, 3, "one kind"),
            ("{{eq (or .a 1) .b}}", 1, 3, "one kind"), ("{{len 7}}", 1, 3, "needs a text"),
            ("{{slice .a \"1\"}}", 1, 3, "needs a text and"),
            ("{{printf .a}}", 1, 3, "literal format"), ("{{printf \"%d\" .a}}", 1, 3, "can't print a text"),
            ("{{printf \"%s\" 1}}", 1, 3, "can't print a number"),
            ("{{printf \"%5s\" .a}}", 1, 3, "printf knows"), ("{{printf \"%\"}}", 1, 3, "printf knows"),
            ("{{printf \"%s\"}}", 1, 3, "fewer values"),
            ("{{printf \"\" .a}}", 1, 3, "more values"), ("{{eq len .a}}", 1, 6, "needs parentheses"),
            ("{{(.a}}", 1, 3, "'(' without ')'"),
            ("{{.a)}}", 1, 5, "unexpected ')'"), ("{{not(.a)}}", 1, 6, "unexpected '('"),
            ("{{.a\"b\"}}", 1, 5, "unexpected character '\"'"),
            ("{{1.5}}", 1, 3, "whole numbers"), ("{{0x1f}}", 1, 3, "whole numbers"), ("{{.5}}", 1, 3, "whole numbers"),
            ("{{-}}", 1, 3, "whole numbers"),
            ("{{99999999999999999999}}", 1, 3, "whole numbers"), ("{{'a'}}", 1, 3, "unexpected character"),
            ("{{\"a}}", 1, 3, "no end"), ("{{\"a\nb\"}}", 1, 3, "no end"),
            ("{{`a}}", 1, 3, "no end"), ("{{\"\\q\"}}", 1, 4, "unknown escape"),
            ("{{\"\\xff\"}}", 1, 4, "unknown escape"), ("é\n{{.a}} {{ .b@ }}", 2, 13, "'@'"),
        ]
    )
    func otherTemplatesAreRefused(text: String, line: Int, column: Int, problem: String) throws {
        let error = #expect(throws: TemplateError.self) { try Template(text) }
        guard case .notUnderstood(line, column, let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found.contains(problem))
    }

    @Test("missingkey=error: a field must be there")
    func missingFieldIsRefused() throws {
        let template = try Template("{{.a}}{{.none}}")
        #expect(throws: TemplateError.valueMissing("none")) { try template.render { Self.values[$0] } }
    }

    @Test(
        "a slice that isn't there or cuts a character is refused",
        arguments: ["{{slice .a 2}}", "{{slice .a 1 0}}", "{{slice .a -1}}", "{{slice \"é\" 1}}"]
    )
    func impossibleSliceIsRefused(text: String) throws {
        let template = try Template(text)
        #expect(throws: TemplateError.sliceOutOfRange) { try template.render { Self.values[$0] } }
    }

    @Test("sizes, depths and results are bounded")
    func everythingIsBounded() throws {
        #expect(throws: TemplateError.tooLarge(bytesMax: 65536)) { try Template(String(repeating: "a", count: 65537)) }
        for (open, close) in [("{{if .a}}", "{{end}}"), ("{{with .a}}", "{{end}}"), ("{{(", ")}}")] {
            let deep = { (levels: Int) in
                String(repeating: open, count: levels) + String(repeating: close, count: levels)
            }
            #expect(throws: TemplateError.self) { try Template(deep(5000)) }
        }
        let ifs = { (levels: Int) in
            String(repeating: "{{if $.a}}", count: levels) + "y" + String(repeating: "{{end}}", count: levels)
        }
        #expect(try Template(ifs(32)).render { Self.values[$0] } == "y")
        #expect(throws: TemplateError.self) { try Template(ifs(33)) }
        let parentheses = { (levels: Int) in
            "{{" + String(repeating: "(", count: levels) + ".a" + String(repeating: ")", count: levels) + "}}"
        }
        #expect(try Template(parentheses(32)).render { Self.values[$0] } == "x")
        #expect(throws: TemplateError.self) { try Template(parentheses(33)) }
        #expect(throws: TemplateError.self) { try Template("{{.a" + String(repeating: "|not", count: 33) + "}}") }
        #expect(try Template("{{.a" + String(repeating: "|not", count: 32) + "}}").render { Self.values[$0] } == "true")

        let growing = "{{$x := .a}}" + String(repeating: #"{{$x := printf "%s%s" $x $x}}"#, count: 40)
        #expect(throws: TemplateError.resultTooLarge(bytesMax: 65536)) {
            try Template(growing).render { _ in "1234567890" }
        }
        let long = String(repeating: "a", count: 65536)
        #expect(try Template("{{.a}}").render { _ in long }.utf8.count == 65536)
        #expect(throws: TemplateError.resultTooLarge(bytesMax: 65536)) { try Template("{{.a}}b").render { _ in long } }
    }

    @Test("no text traps, and what parses either renders or names a missing value", arguments: 0..<20)
    func garbageIsHarmless(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "{{", "}}", "{{- ", " -}}", "{{/*", "*/}}", ".", ".a", "$", "$x", ":=", "|", "(", ")", " ", "\n", "\"", "`",
            "\\", "if", "else",
            "end", "with", "and", "or", "not", "eq", "len", "index", "slice", "printf", "\"%d\"", "\"a\"", "1", "-9",
            "true", "é", "{{if .a}}", "{{end}}",
            "{{else}}", "{{.a}}", "{{with .a}}", "{{$x := .a}}",
        ]
        for _ in 0..<2000 {
            let text = String(decoding: random.soup(of: pieces, countMax: 30), as: UTF8.self)
            guard let template = try? Template(text) else { continue }
            do throws(TemplateError) {
                _ = try template.render { $0 == "a" ? "x" : nil }
            } catch {
                switch error {
                case .valueMissing, .sliceOutOfRange: break
                default: Issue.record("\(text): \(error)")
                }
            }
        }
    }

    @Test("text without braces is itself")
    func plainTextIsItself() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let text = String(decoding: random.bytes(upTo: 200), as: UTF8.self).replacing("{", with: "")
            #expect(try Template(text).render { _ in nil } == text)
        }
    }
}
