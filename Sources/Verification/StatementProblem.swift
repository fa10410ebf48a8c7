/// Why a signed statement isn't what was asked for (step G).
public enum StatementProblem: Error, Equatable, Sendable {
    /// The envelope's payload is of another type than an in-toto statement.
    case payloadType(String)
    /// A kind of statement is wanted, and the signature is of an artifact alone.
    case statementMissing
    /// The payload isn't a statement, or is one of an unknown version.
    case malformed
    /// It has more subjects, or one of them more digests, than a verifier looks at.
    case tooLarge
    /// It isn't about this artifact.
    case subjectMismatch
    /// It says something of another kind than is wanted.
    case predicateMismatch(expected: String, found: String)
}

extension StatementProblem: CustomStringConvertible {
    /// One line. It holds what the statement says: for a terminal it must be escaped.
    public var description: String {
        switch self {
        case .payloadType(let type): "the envelope holds \"\(type)\", not \(SignedEnvelope.statementType)"
        case .statementMissing: "a statement is wanted, and the bundle holds the signature of an artifact alone"
        case .malformed: "the envelope's payload isn't an in-toto statement v0.1 or v1"
        case .tooLarge: "it has more subjects or digests than are looked at"
        case .subjectMismatch: "it isn't about this artifact"
        case .predicateMismatch(let expected, let found): "expected the predicate type \(expected), and it is \(found)"
        }
    }
}
