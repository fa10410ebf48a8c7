public import Certificates

/// A certificate authority or a timestamp authority that is trusted (`CertificateAuthority` of
/// `sigstore_trustroot.proto`).
public struct TrustedAuthority: Sendable, Equatable {
    /// Where it is, or was.
    public let uri: String
    /// Its certificates, the last the anchor; a timestamp authority's first may be the one that signs timestamps.
    public let chain: CertificateChain
    /// When it was in use.
    public let window: ValidityWindow

    /// Puts the parts together.
    public init(uri: String, chain: CertificateChain, window: ValidityWindow) {
        self.uri = uri
        self.chain = chain
        self.window = window
    }
}
