/// How a token's `sub` is kept in the issuance record.
public enum SubjectRecording: String, Sendable, CaseIterable {
    /// As it is.
    case plain
    /// `sha256:` and the hash's digits: who knows a subject can look for it, and nobody can read a list of them.
    case hashed
}
