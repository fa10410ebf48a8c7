/// The four roles of a repository (The Update Framework 1.0, §2.1).
public enum TUFRole: String, Sendable, CaseIterable {
    /// Says which keys the roles have.
    case root
    /// Says what the files are.
    case targets
    /// Says which version of the targets is meant.
    case snapshot
    /// Says which snapshot is the newest.
    case timestamp
}
