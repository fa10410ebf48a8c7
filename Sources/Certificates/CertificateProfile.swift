public import Keys

/// What one leaf certificate says; everything else is the same in each of them.
public struct CertificateProfile: Sendable, Equatable {
    /// How long each leaf is valid, in seconds.
    public static let lifetimeSeconds: Int64 = 600

    /// The serial number, the same in the precertificate and in the certificate.
    public let serial: SerialNumber
    /// The first second of validity, since 1970.
    public let notBeforeSeconds: Int64
    /// The key whose possession was proven.
    public let publicKey: PublicKey
    /// Who was identified.
    public let san: SubjectAlternativeName
    /// What the token said about it.
    public let extensions: IdentityExtensions

    /// States what the leaf must be; the values are checked when the leaf is made.
    public init(
        serial: SerialNumber,
        notBeforeSeconds: Int64,
        publicKey: PublicKey,
        san: SubjectAlternativeName,
        extensions: IdentityExtensions
    ) {
        self.serial = serial
        self.notBeforeSeconds = notBeforeSeconds
        self.publicKey = publicKey
        self.san = san
        self.extensions = extensions
    }

    /// The last second of validity, since 1970.
    public var notAfterSeconds: Int64 {
        // The sum of any two moments that a certificate can hold fits; a moment that cannot be held is refused later.
        notBeforeSeconds.addingReportingOverflow(Self.lifetimeSeconds).partialValue
    }
}
