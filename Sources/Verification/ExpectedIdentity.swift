public import Certificates

/// Who should have signed: both the name and the issuer that vouches for it, for a name means nothing by itself.
public struct ExpectedIdentity: Sendable, Equatable {
    /// What the certificate's name must be: its first URI, or else its first email address, or else its username.
    public let name: TextPattern
    /// What the issuer of the token must be.
    public let issuer: TextPattern
    /// What further extensions must say, each byte by byte.
    public let extensions: [CertificateExtensionID: String]

    /// Expects an identity.
    public init(name: TextPattern, issuer: TextPattern, extensions: [CertificateExtensionID: String] = [:]) {
        self.name = name
        self.issuer = issuer
        self.extensions = extensions
    }
}
