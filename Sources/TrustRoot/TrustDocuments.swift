import Certificates
import Wire

/// The files that clients read, written once from what is trusted and where the services are.
public struct TrustDocuments: Sendable {
    /// What is trusted.
    public let material: TrustMaterial
    /// Where the services are.
    public let services: SigningServices
    /// What verifiers need: `trusted_root.json`.
    public let trustedRoot: [UInt8]
    /// What signers need besides: `signing_config.v0.2.json`.
    public let signingConfig: [UInt8]
    /// Both in one, for sigstore-python: a ClientTrustConfig.
    public let trustConfig: [UInt8]
    /// The same as PEM files, for tools of the generation before: the files of ``TrustTarget/legacy(_:at:)``.
    public let legacy: [TrustTarget]

    /// Writes the files. `seconds` is now, which decides what counts as retired. Throws ``TrustRootError``.
    public init(_ material: TrustMaterial, _ services: SigningServices, at seconds: Int64) throws(TrustRootError) {
        self.material = material
        self.services = services
        let trustedRoot = try material.trustedRoot()
        let signingConfig = services.signingConfig()
        self.trustedRoot = trustedRoot.encoded()
        self.signingConfig = signingConfig.encoded()
        trustConfig =
            JSONText.object([
                ("mediaType", .string("application/vnd.dev.sigstore.clienttrustconfig.v0.1+json")),
                ("trustedRoot", trustedRoot),
                ("signingConfig", signingConfig),
            ]).encoded()
        legacy = TrustTarget.legacy(material, at: seconds)
    }

    /// All that a TUF repository offers, for clients of both generations.
    public var targets: [TrustTarget] {
        verification + [TrustTarget(name: "signing_config.v0.2.json", bytes: signingConfig, legacy: nil)]
    }

    /// The part of it that decides what verifies.
    public var verification: [TrustTarget] {
        [TrustTarget(name: "trusted_root.json", bytes: trustedRoot, legacy: nil)] + legacy
    }
}
