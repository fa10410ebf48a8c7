public import Certificates

/// A signature with all that is needed to verify it offline (Sigstore's `Bundle`, `sigstore_bundle.proto`): who signed,
/// the log's entries, timestamps, and what was signed.
///
/// ```
/// message Bundle {
///   string media_type = 1;
///   VerificationMaterial verification_material = 2;
///   oneof content { MessageSignature message_signature = 3; io.intoto.Envelope dsse_envelope = 4; }
/// }
/// message VerificationMaterial {
///   oneof content { PublicKeyIdentifier public_key = 1; X509CertificateChain x509_certificate_chain = 2;
///                   X509Certificate certificate = 5; }
///   repeated TransparencyLogEntry tlog_entries = 3;
///   TimestampVerificationData timestamp_verification_data = 4;
/// }
/// ```
///
/// One that was read is whole and well formed; nothing in it has been verified.
public struct Bundle: Sendable, Equatable {
    /// The most bytes of a bundle: an attestation may carry a list of all that an image holds.
    public static let bytesMax = 1 << 25
    /// The most entries of logs, and the most timestamps.
    public static let itemsMax = 32

    /// Who signed.
    public enum Signer: Sendable, Equatable {
        /// Whoever this certificate names.
        case certificate(Certificate)
        /// The holder of a key that the verifier must have; the hint says which, in whatever way they agreed on.
        case publicKey(hint: String)
    }

    /// The version of its form.
    public let version: BundleVersion
    /// Who signed.
    public let signer: Signer
    /// The entries of logs.
    public let entries: [LogEntry]
    /// Timestamps, each the DER of an RFC 3161 TimeStampResp or of the token in it.
    public let timestamps: [[UInt8]]
    /// What was signed, and the signature.
    public let content: SignedContent

    /// Puts together a bundle of the newest version.
    public init(signer: Signer, entries: [LogEntry], timestamps: [[UInt8]], content: SignedContent) {
        self.init(version: .v03, signer: signer, entries: entries, timestamps: timestamps, content: content)
    }

    /// For the reader, which has checked that the parts fit the version.
    init(
        version: BundleVersion,
        signer: Signer,
        entries: [LogEntry],
        timestamps: [[UInt8]],
        content: SignedContent
    ) {
        self.version = version
        self.signer = signer
        self.entries = entries
        self.timestamps = timestamps
        self.content = content
    }
}
