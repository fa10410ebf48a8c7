public import Certificates
public import Transparency

/// What `init` has made, for the operator to read.
public struct InitialisedAuthority: Sendable {
    /// The CA's certificates, issuing first.
    public let chain: CertificateChain
    /// The log's identifier: the SHA-256 of its public key.
    public let logID: LogID
    /// The timestamp authority's certificates, its own first.
    public let timestamping: CertificateChain
    /// Whether the root's key is in the directory, from where it can be moved away.
    public let hasRootKey: Bool
}
