/// What is known of an issuer at one time: its keys and the algorithms it says it uses.
struct IssuerKeys: Sendable {
    /// The keys.
    let set: JSONWebKeySet
    /// The algorithms (OIDC-35).
    let algorithms: Set<TokenAlgorithm>
    /// Counts the fetches, so that a caller can tell newer keys from those it has tried.
    let generation: UInt64
}
