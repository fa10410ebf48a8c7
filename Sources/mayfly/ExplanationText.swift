import Authority
import Wire

/// Writes an explanation, for people or as JSON. A token's texts may hold anything: nothing of them reaches a terminal
/// but what it shows as a character.
enum ExplanationText {
    private static let nameWidth = 11
    private static let outcomeWidth = 13

    /// A line or more for each step, and the verdict.
    static func lines(_ steps: [ExplainedStep], of explanation: TokenExplanation) -> [String] {
        let indent = String(repeating: " ", count: nameWidth + outcomeWidth)
        var lines: [String] = []
        for step in steps {
            let (outcome, detail) =
                switch step.outcome {
                case .ok: ("ok", step.summary)
                case .notChecked(let reason): ("not checked", reason)
                case .refused(let error):
                    ("REFUSED", refusal(error) + (step.summary.isEmpty ? "" : "  (\(step.summary))"))
                }
            lines.append(padded(step.name, nameWidth) + padded(outcome, outcomeWidth) + detail)
            lines += step.lines.map { indent + $0 }
        }
        lines.append(verdict(explanation))
        return lines.map(PlainText.escaped)
    }

    /// One JSON object with a member for each step.
    static func json(_ steps: [ExplainedStep], of explanation: TokenExplanation) -> String {
        let verdict: [(String, JSONText)] =
            [("verdict", .string(explanation.refusal == nil ? "issued" : "refused"))]
            + (explanation.refusal.map(members) ?? [])
        let all = verdict + steps.map { ($0.name, .object(members($0.outcome) + $0.members)) }
        return PlainText.json(.object(all))
    }

    private static func verdict(_ explanation: TokenExplanation) -> String {
        if let refusal = explanation.refusal { return "WOULD BE REFUSED: \(refusal.reason.rawValue)" }
        if case .notChecked = explanation.preview.signature { return "WOULD BE ISSUED, if the signature is good" }
        return "WOULD BE ISSUED"
    }

    private static func members(_ outcome: ExplainedStep.Outcome) -> [(String, JSONText)] {
        switch outcome {
        case .ok: [("check", .string("ok"))]
        case .refused(let error): [("check", .string("refused"))] + members(error)
        case .notChecked(let reason): [("check", .string("notChecked")), ("because", .string(reason))]
        }
    }

    /// As in `google.rpc.ErrorInfo`.
    private static func members(_ error: AuthorityError) -> [(String, JSONText)] {
        [
            ("reason", .string(error.reason.rawValue)),
            ("metadata", .object(error.facts.map { ($0.name, .string($0.value)) })),
        ]
    }

    private static func refusal(_ error: AuthorityError) -> String {
        ([error.reason.rawValue] + error.facts.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
