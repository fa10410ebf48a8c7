import Authority
import Certificates
import Identity
import Policy
import Wire

/// One step of an explanation, for people and for programs.
struct ExplainedStep {
    /// How it ended.
    enum Outcome {
        case ok
        case refused(AuthorityError)
        /// Why not.
        case notChecked(String)
    }

    let name: String
    let outcome: Outcome
    /// What was found, in a few words; and the rest, a line each.
    var summary = ""
    var lines: [String] = []
    /// The same for programs.
    var members: [(String, JSONText)] = []

    /// All steps in the order of issuance.
    static func all(_ explanation: TokenExplanation) -> [ExplainedStep] {
        let preview = explanation.preview
        let steps = [
            token(preview.header), issuer(preview, in: explanation.issuersFile), signature(preview),
            audience(preview.audience), time(preview.expiry, now: explanation.nowSeconds),
            identity(preview.identity),
        ]
        guard let rules = explanation.rules else {
            return steps + ["rules", "limits"].map { ExplainedStep($0, .notChecked(noEntry)) }
        }
        return steps + [self.rules(rules), limits(explanation.limits, explanation.tokenUses)]
    }

    private init<Finding>(
        _ name: String,
        _ check: TokenPreview.Check<Finding>,
        otherwise reason: String = ExplainedStep.noEntry
    ) {
        self.name = name
        outcome =
            switch check {
            case .passed: .ok
            case .refused(let error): .refused(.identity(error))
            case .notChecked: .notChecked(reason)
            }
    }

    private init(_ name: String, _ outcome: Outcome) {
        self.name = name
        self.outcome = outcome
    }
}

extension ExplainedStep {
    /// Also of a token that can't be read.
    private static let noEntry = "no entry of the configuration was found for the token"

    private static func token(_ check: TokenPreview.Check<TokenPreview.Header>) -> ExplainedStep {
        var step = ExplainedStep("token", check)
        guard case .passed(let header) = check else { return step }
        step.summary = header.algorithm + (header.keyID.map { ", key \($0)" } ?? ", no key named")
        step.lines = ["claims: \(header.claimNames.joined(separator: ", "))"]
        step.members = [
            ("algorithm", .string(header.algorithm)), ("keyId", .text(header.keyID)),
            ("claims", .texts(header.claimNames)),
        ]
        return step
    }

    private static func issuer(_ preview: TokenPreview, in file: String) -> ExplainedStep {
        var step = ExplainedStep("issuer", preview.issuer)
        guard case .passed(let header) = preview.header else { return step }
        step.summary = header.issuer.text
        step.members = [("issuer", .string(header.issuer.text)), ("file", .string(file))]
        switch preview.issuer {
        case .passed(let entries):
            step.lines = entries.map { entry in
                let audiences = entry.audiences.isEmpty ? "none" : entry.audiences.joined(separator: ", ")
                return "\(entry.path) in line \(entry.line) of \(file): type \(entry.issuerType), audience \(audiences)"
            }
            step.members.append(("entries", .array(entries.map(JSONText.entry))))
        case .refused, .notChecked:
            step.lines = preview.nearestIssuers.map { "configured is \($0)" }
            if let entry = preview.entry {
                step.lines.append("\(entry.path) in line \(entry.line) of \(file): unknown type \(entry.issuerType)")
            }
            step.members.append(("nearest", .texts(preview.nearestIssuers)))
        }
        return step
    }

    private static func signature(_ preview: TokenPreview) -> ExplainedStep {
        let isConfigured = if case .passed = preview.issuer { true } else { false }
        let reason = isConfigured ? "the keys are fetched online" : noEntry
        var step = ExplainedStep("signature", preview.signature, otherwise: reason)
        if case .passed(let key) = preview.signature {
            step.summary = key.map { "by the key \($0) of the jwks-file" } ?? "by a key of the jwks-file"
            step.members = [("keyId", .text(key))]
        }
        return step
    }

    private static func audience(_ check: TokenPreview.Check<TokenPreview.Entry>) -> ExplainedStep {
        var step = ExplainedStep("audience", check)
        guard case .passed(let entry) = check else { return step }
        step.summary = "that of \(entry.path) in line \(entry.line)"
        step.members = [("entry", .entry(entry))]
        return step
    }

    private static func time(_ check: TokenPreview.Check<Int64>, now: Int64) -> ExplainedStep {
        var step = ExplainedStep("time", check)
        step.members = [("nowSeconds", .integer(now))]
        if case .passed(let expiry) = check {
            step.summary = "expires in \(expiry - now) s"
            step.members.append(("expirySeconds", .integer(expiry)))
        }
        return step
    }

    private static func identity(_ check: TokenPreview.Check<TokenPreview.Identity>) -> ExplainedStep {
        var step = ExplainedStep("identity", check)
        guard case .passed(let identity) = check else { return step }
        let kind =
            switch identity.san {
            case .email: "email"
            case .uri: "uri"
            case .otherName: "otherName"
            }
        step.summary = "\(kind) \(identity.san.text)"
        step.lines = identity.extensions.ordered.map { "\($0.id.dotted)  \($0.id.name): \($0.text)" }
        let extensions = identity.extensions.ordered.map { id, text in
            JSONText.object([("oid", .string(id.dotted)), ("name", .string(id.name)), ("value", .string(text))])
        }
        step.members = [
            ("san", .object([("type", .string(kind)), ("value", .string(identity.san.text))])),
            ("extensions", .array(extensions)),
        ]
        return step
    }

    private static func rules(_ trace: RuleTrace) -> ExplainedStep {
        var step = ExplainedStep("rules", trace.refusal.map { .refused(.policy($0)) } ?? .ok)
        step.summary = "\(trace.decision.rawValue) by \(trace.rule.map { "the rule \($0)" } ?? "default")"
        if trace.decision == .deny, !trace.isEnforced { step.summary += ", and only reported: the mode is report" }
        step.lines = trace.steps.map { rule in
            let end = rule.unmet.map { "not matched: \($0)" } ?? "matched"
            return "\(rule.rule) (\(rule.decision.rawValue)): \(end)"
        }
        step.members = [
            ("decision", .string(trace.decision.rawValue)), ("rule", .text(trace.rule?.text)),
            ("mode", .string(trace.isEnforced ? "enforce" : "report")),
            ("steps", .array(trace.steps.map(JSONText.rule))),
        ]
        return step
    }

    private static func limits(_ limits: IssuanceLimits?, _ tokenUses: TokenUses) -> ExplainedStep {
        var step = ExplainedStep("limits", .notChecked("they depend on what was issued before"))
        let uses: Int? = if case .limited(let uses) = tokenUses { uses } else { nil }
        step.lines = [
            "issuer: \(limits?.issuer.map { "\($0)" } ?? "no limit")",
            "subject: \(limits?.subject.map { "\($0)" } ?? "no limit")",
            "one token: \(uses.map { "at most \($0) certificate\($0 == 1 ? "" : "s")" } ?? "reusable")",
        ]
        step.members = [
            ("issuer", .limit(limits?.issuer)), ("subject", .limit(limits?.subject)),
            ("tokenUses", uses.map { .integer(Int64($0)) } ?? .null),
        ]
        return step
    }
}

extension JSONText {
    fileprivate static func text(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }

    fileprivate static func texts(_ texts: [String]) -> JSONText { .array(texts.map { .string($0) }) }

    fileprivate static func limit(_ limit: RateLimit?) -> JSONText {
        limit.map { .object([("rate", .string($0.rate)), ("burst", .integer($0.burst))]) } ?? .null
    }

    fileprivate static func entry(_ entry: TokenPreview.Entry) -> JSONText {
        .object([
            ("path", .string(entry.path)), ("line", .integer(Int64(entry.line))), ("type", .string(entry.issuerType)),
            ("audiences", .texts(entry.audiences)),
        ])
    }

    fileprivate static func rule(_ step: RuleTrace.Step) -> JSONText {
        let unmet = step.unmet.map { unmet in
            JSONText.object([
                ("claim", .string(unmet.claim)), ("demand", .string(unmet.demand)),
                ("isMissing", .bool(unmet.isMissing)),
            ])
        }
        return .object([
            ("rule", .string(step.rule.text)), ("decision", .string(step.decision.rawValue)),
            ("unmet", unmet ?? .null),
        ])
    }
}
