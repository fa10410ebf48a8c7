import ArgumentParser
import Verification
import Wire

/// Prints a verification: each step as it is made, or one JSON object at the end.
///
/// ```
/// {"verified": true, "steps": [{"step": "A", "name": …, "detail": …}, …], "identity": …, "issuer": …,
///  "times": [{"source": "log" | "timestamp-authority", "uri": …, "time": RFC 3339}, …], "predicateType": …}
/// {"verified": false, "steps": […], "error": {"step": "E" | null, "reason": …, "hint": …}}
/// ```
final class VerificationOutput {
    private let isJSON: Bool
    private let steps = Steps()
    private var made: [(VerificationStep, String)] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// Something to know before the first step.
    func note(_ text: String) {
        if !isJSON { steps.skipped("note", PlainText.escaped(text)) }
    }

    /// A step that was made.
    func done(_ step: VerificationStep, _ detail: String) {
        made.append((step, detail))
        if !isJSON { steps.done("\(step.rawValue)  \(step.name)", PlainText.escaped(detail)) }
    }

    /// The end, when everything is as it should be.
    func verified(_ signature: VerifiedSignature) {
        guard isJSON else { return }
        var members: [(String, JSONText)] = [("verified", .bool(true)), ("steps", stepsJSON)]
        if let identity = signature.identity {
            members += [("identity", .string(identity.name)), ("issuer", .string(identity.issuer))]
        }
        members.append(("times", .array(signature.times.map(Self.json))))
        if let statement = signature.statement { members.append(("predicateType", .string(statement.predicateType))) }
        print(PlainText.json(.object(members)))
    }

    /// The end otherwise; gives the exit code to throw.
    func failed(_ failure: VerifyFailure) -> ExitCode {
        if isJSON {
            var step: VerificationStep?
            if case .verification(let error) = failure { step = error.step }
            let error: [(String, JSONText)] = [
                ("step", step.map { .string($0.rawValue) } ?? .null), ("reason", .string("\(failure)")),
                ("hint", failure.hint.map { .string($0) } ?? .null),
            ]
            print(
                PlainText.json(
                    .object([("verified", .bool(false)), ("steps", stepsJSON), ("error", .object(error))])
                )
            )
            return failure.exitCode
        }
        if case .verification(let error) = failure, let step = error.step {
            steps.failed("\(step.rawValue)  \(step.name)", PlainText.escaped(error.reason))
        }
        _ = CommandFailure.exit("\(failure)", hint: failure.hint)
        return failure.exitCode
    }

    private var stepsJSON: JSONText {
        .array(
            made.map { step, detail in
                .object([
                    ("step", .string(step.rawValue)), ("name", .string(step.name)), ("detail", .string(detail)),
                ])
            }
        )
    }

    private static func json(_ time: SignatureTime) -> JSONText {
        .object([
            ("source", .string(time.source == .log ? "log" : "timestamp-authority")), ("uri", .string(time.uri)),
            ("time", .string(UTCTime.text(seconds: time.seconds))),
        ])
    }
}
