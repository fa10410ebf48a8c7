/// One of the keys that a section has had, has, or will have, with what belongs to it.
struct Generation: Sendable, Equatable {
    /// The private key's file; nil where it was destroyed after its time.
    var key: String?
    /// The chain's file, for authorities.
    var chain: String?
    /// The public key's file, for logs.
    var publicKey: String?
    /// The name in checkpoints, for logs.
    var origin: String?
    /// The database's file, for logs.
    var database: String?
    /// Since when verifiers may rely on it: it was published then. In seconds since 1970.
    var startSeconds: Int64
    /// Since when it signs, in seconds since 1970; from its start until then it is only published.
    var signsFromSeconds: Int64
    /// Until when what it signed counts, in seconds since 1970; nil while nothing comes after it.
    var endSeconds: Int64?
}
