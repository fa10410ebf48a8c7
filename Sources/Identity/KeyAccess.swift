import Fetching

/// How an issuer's documents are asked for.
struct KeyAccess: Sendable {
    /// Whom to believe, and by which way.
    let policy: FetchPolicy
    /// What to show besides; may be a secret.
    let headers: [(String, String)]
}
