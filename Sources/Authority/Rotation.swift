public import Certificates
public import Keys

/// A key that was made to sign later, for the operator to read.
public struct Rotation: Sendable {
    /// The section: `ca`, `timestamping` or `log`.
    public let section: String
    /// Its number, from 1.
    public let number: Int
    /// Its private key's file.
    public let keyFile: String
    /// Its key.
    public let publicKey: PublicKey
    /// Its certificates and their file, for authorities.
    public let chain: (file: String, certificates: CertificateChain)?
    /// Its name in checkpoints, for logs.
    public let origin: String?
    /// Since when it is trusted, in seconds since 1970: now.
    public let startSeconds: Int64
    /// Since when it signs, in seconds since 1970.
    public let signsFromSeconds: Int64
    /// Until when what the one before has signed counts, in seconds since 1970.
    public let predecessorEndSeconds: Int64
    /// What clients are told: nil where the key that signs the TUF repository's targets isn't at hand.
    public let trust: TrustState?
    /// The file of that key, or where it was looked for.
    public let trustRootKey: String?
    /// Why the TUF repository couldn't be signed anew, although that key is at hand; nil when it was, or there is nothing to
    /// sign.
    public let trustProblem: AuthorityError?
}
