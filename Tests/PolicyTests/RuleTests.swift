import Foundation
import Identity
import Settings
import Testing
import Wire

@testable import Policy

@Suite("OIDC-48: rules, in their order")
struct RuleTests {
    private static let three = """
        default: deny
          list:
            - {id: no-forks, deny: {fork: true}}
            - {id: releases, allow: {ref: {prefix: refs/tags/}, repo: acme/app}}
            - {id: staff, allow: {groups: [admins, release]}}
        """

    @Test("the first rule that matches decides", arguments: ["enforce", "report"])
    func firstMatchWins(mode: String) throws {
        let policy = try TestPolicy("rules:\n  mode: \(mode)\n  \(Self.three)")
        let isReport = mode == "report"
        func outcome(_ claims: String) throws -> (rule: String?, isRefused: Bool) {
            do {
                let permission = try policy.permit(claims)
                return (permission.rule?.text, permission.isOnlyReported)
            } catch PolicyError.denied(let rule) {
                #expect(!isReport)
                return (rule?.text, true)
            }
        }
        let cases: [(String, String?, Bool)] = [
            (#"{"fork":true,"groups":["admins"]}"#, "no-forks", true),
            (#"{"fork":false,"ref":"refs/tags/v1","repo":"acme/app","groups":["admins"]}"#, "releases", false),
            (#"{"ref":"refs/heads/main","repo":"acme/app","groups":["admins"]}"#, "staff", false),
            (#"{"ref":"refs/heads/main","repo":"acme/app"}"#, nil, true), ("{}", nil, true),
        ]
        for (claims, rule, isRefused) in cases {
            let outcome = try outcome(claims)
            #expect(outcome.rule == rule && outcome.isRefused == isRefused, "\(claims)")
        }
    }

    @Test func defaultDecidesWhenNoRuleMatches() throws {
        #expect(try TestPolicy("rules: {default: deny, list: []}").refusal() == .denied(rule: nil))
        let permission = try TestPolicy("rules: {default: allow, list: []}").permit()
        #expect(permission == Permission(rule: nil, isOnlyReported: false, tokenUses: .reusable))
    }

    @Test func entryThatSaysNothingAllowsEverything() throws {
        let policy = try TestPolicy("")
        #expect(try policy.permit() == Permission(rule: nil, isOnlyReported: false, tokenUses: .reusable))
        let nothing = RuleTrace(steps: [], decision: .allow, rule: nil, isEnforced: true)
        #expect(policy.policy.explain(policy.entry, claims: try JSON.parse(Array("{}".utf8))) == nothing)
    }

    @Test func eachEntryHasItsOwnRules() throws {
        let settings = try IdentitySettings.parse(
            """
            oidc-issuers:
              https://a.example: {type: email, rules: {default: deny, list: []}}
              https://b.example: {type: email}
            meta-issuers:
              https://*.c.example: {type: email, rules: {default: allow, list: []}, tokens: once}
            """
        )
        let policy = try IssuancePolicy(entries: settings.entries)
        let claims = try JSON.parse(Array("{}".utf8))
        #expect(settings.entries.map { policy.explain($0.id, claims: claims).decision } == [.deny, .allow, .allow])
    }

    @Test func rulesAreFoundInTheSpellingsThatIdentityKnows() throws {
        #expect(try TestPolicy("Rules: {default: deny, list: []}").refusal() == .denied(rule: nil))
        #expect(try TestPolicy("TOKENS: once").permit().tokenUses == .limited(to: 1))
    }

    @Test func traceNamesEachRuleAndItsFirstUnmetCondition() throws {
        let policy = try TestPolicy("rules:\n  mode: report\n  \(Self.three)")
        let claims = try JSON.parse(Array(#"{"ref":"refs/heads/secret","groups":["admins"],"repo":null}"#.utf8))
        let trace = policy.policy.explain(policy.entry, claims: claims)
        #expect(
            trace.steps.map { "\($0.rule) \($0.decision): \($0.unmet.map { "\($0)" } ?? "matches")" } == [
                "no-forks deny: fork must be true, and is missing",
                "releases allow: ref must begin with refs/tags/",
                "staff allow: matches",
            ]
        )
        #expect(trace.decision == .allow && trace.rule?.text == "staff" && !trace.isEnforced)
        #expect(!"\(trace)".contains("secret"))
    }

    @Test("what is asked of a claim is told in the configuration's words")
    func demandsAreTold() throws {
        let cases = [
            ("c: [a, b]", "c must be a or b"), ("c: {glob: 'a/**'}", "c must match a/**"),
            ("c: {exists: true}", "c must be there, and is missing"),
            ("c: {more-than: 1, at-most: 3}", "c must be at most 3 and more than 1"),
            ("$.d.e: x", "$.d.e must be x, and is missing"),
            (
                "c: [\((0..<12).map { "v\($0)" }.joined(separator: ","))]",
                "c must be v0 or v1 or v2 or v3 or v4 or v5 or v6 or v7 or v8 or v9 or one of 2 more"
            ),
        ]
        for (condition, sentence) in cases {
            let policy = try TestPolicy.allowing(condition)
            let claims = condition.contains("exists") ? "{}" : #"{"c":"?"}"#
            let trace = policy.policy.explain(policy.entry, claims: try JSON.parse(Array(claims.utf8)))
            #expect(trace.steps.first?.unmet.map { "\($0)" } == sentence)
        }
    }

    @Test(
        "tokens: reusable, once, or a number",
        arguments: [
            ("reusable", TokenUses.reusable), ("once", .limited(to: 1)), ("1", .limited(to: 1)),
            ("1000000", .limited(to: 1_000_000)),
        ]
    )
    func tokenUsesAreRead(text: String, uses: TokenUses) throws {
        #expect(try TestPolicy("tokens: \(text)").permit().tokenUses == uses)
    }

    @Test func documentedExampleSaysWhatItSeemsToSay() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../docs/configuration.md").standardized
        let sections = try String(contentsOf: page, encoding: .utf8).split(separator: "## Issuance rules, limits and")
        let example = try #require(sections.last?.split(separator: "```").dropFirst().first)
        let settings = try IdentitySettings.parse(String(example.drop { $0 != "\n" }))
        let policy = try IssuancePolicy(entries: settings.entries)
        let entry = try #require(settings.entries.first).id
        func decision(event: String = "push", attempt: String = "1", further: String = "") throws -> String {
            let claims = #"""
                {"event_name":"\#(event)","repository_owner":"acme","ref_type":"tag","ref_protected":"true",
                "job_workflow_ref":"acme/ci/.github/workflows/release-app.yml@refs/tags/v1","environment":"prod",
                "run_attempt":"\#(attempt)"\#(further)}
                """#
            let trace = policy.explain(entry, claims: try JSON.parse(Array(claims.utf8)))
            return "\(trace.rule?.text ?? "default") \(trace.decision)"
        }
        #expect(try decision() == "releases allow")
        #expect(try decision(attempt: "4") == "default deny")
        #expect(try decision(event: "pull_request") == "no-pull-requests deny")
        let nightly = #","repository":"acme/app","ref":"refs/heads/nightly/1""#
        #expect(try decision(attempt: "4", further: nightly) == "nightly allow")
    }
}
