public import Verification
import Wire

/// Where to sign and whom to believe, in one file (`ClientTrustConfig` of `sigstore_trustroot.proto`, version 0.1).
public struct ClientConfiguration: Sendable, Equatable {
    private static let mediaType = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"

    /// Where to sign.
    public let signing: SigningConfiguration
    /// Whom to believe.
    public let root: TrustedRoot

    /// Reads the file, and chooses the services that are in use at a moment. Throws `.configuration`,
    /// `.configurationUnknown`, `.serviceMissing`, and `.verification` for the trusted root.
    public init(json: [UInt8], atMilliseconds now: Int64) throws(SigningError) {
        let (mediaType, trusted, signing) = try SigningConfiguration.reading { () throws(ProtoFault) in
            let message = try ProtoObject(
                parsing: json,
                limits: JSONLimits(bytesMax: SigningConfiguration.bytesMax),
                fields: ["mediaType", "trustedRoot", "signingConfig"]
            )
            return (
                try message.text("mediaType"), try message.required("trustedRoot", fields: TrustedRoot.fields),
                try message.required("signingConfig", fields: SigningConfiguration.fields)
            )
        }
        guard mediaType == Self.mediaType else { throw .configurationUnknown(String(mediaType.prefix(80))) }
        self.signing = try SigningConfiguration(signing, atMilliseconds: now)
        do { root = try TrustedRoot(message: trusted) } catch { throw .verification(error) }
    }
}
