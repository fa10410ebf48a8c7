public import Identity

/// An authority ready to serve, and what the operator should know about it.
public struct OpenedAuthority: Sendable {
    /// The authority.
    public let authority: Authority
    /// Where its configuration says to listen.
    public let listen: ListenAddress
    /// What the configuration asks for and doesn't get.
    public let warnings: [IdentityWarning]
}
