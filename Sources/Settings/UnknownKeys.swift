/// What becomes of keys that nothing reads.
public enum UnknownKeys: Sendable {
    /// They are errors: most of them are misspelt.
    case refused
    /// They are read over, as Fulcio does (OIDC-2).
    case ignored
}
