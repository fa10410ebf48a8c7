/// The identity extensions of a Sigstore certificate, `1.3.6.1.4.1.57264.1.n`: the project's one table of them.
///
/// The cases stand in the order in which a certificate carries them. 1.7 is missing because it is the type of a
/// username's `otherName`, see ``SubjectAlternativeName``. Source: Sigstore OID information (`docs/oid-info.md` of Fulcio).
public enum CertificateExtensionID: UInt8, CaseIterable, Sendable {
    /// 1.1, deprecated: the issuer of the token as raw text. sigstore-python reads only this one.
    case issuer = 1
    /// 1.2, deprecated: the event that triggered the GitHub workflow.
    case gitHubWorkflowTrigger = 2
    /// 1.3, deprecated: the commit that the GitHub workflow ran for.
    case gitHubWorkflowSHA = 3
    /// 1.4, deprecated: the name of the GitHub workflow.
    case gitHubWorkflowName = 4
    /// 1.5, deprecated: the repository of the GitHub workflow.
    case gitHubWorkflowRepository = 5
    /// 1.6, deprecated: the git ref of the GitHub workflow.
    case gitHubWorkflowRef = 6
    /// 1.8: the issuer of the token.
    case issuerV2 = 8
    /// 1.9: the build instructions that did the signing.
    case buildSignerURI = 9
    /// 1.10: the immutable version of the build instructions.
    case buildSignerDigest = 10
    /// 1.11: whether the build ran on a platform-hosted or a self-hosted runner.
    case runnerEnvironment = 11
    /// 1.12: the source repository.
    case sourceRepositoryURI = 12
    /// 1.13: the immutable version of the source.
    case sourceRepositoryDigest = 13
    /// 1.14: the git ref of the source.
    case sourceRepositoryRef = 14
    /// 1.15: the repository's identifier that outlives a renaming.
    case sourceRepositoryIdentifier = 15
    /// 1.16: the owner of the source repository.
    case sourceRepositoryOwnerURI = 16
    /// 1.17: the owner's identifier that outlives a renaming.
    case sourceRepositoryOwnerIdentifier = 17
    /// 1.18: the top-level build instructions.
    case buildConfigURI = 18
    /// 1.19: the immutable version of the top-level build instructions.
    case buildConfigDigest = 19
    /// 1.20: the event that started the build.
    case buildTrigger = 20
    /// 1.21: the run itself.
    case runInvocationURI = 21
    /// 1.22: whether the source repository was public or private when it was signed.
    case sourceRepositoryVisibilityAtSigning = 22
    /// 1.23: the deployment target of the run.
    case deploymentEnvironment = 23
    /// 1.24: the token's `sub`, verbatim.
    case tokenSubject = 24

    /// How the text of an extension becomes the content of `extnValue`.
    public enum Encoding: Sendable {
        /// The UTF-8 bytes and nothing else; not DER, kept for clients of the first hour.
        case raw
        /// A DER `UTF8String`.
        case utf8String
    }

    /// 1.1 to 1.6 are raw, the rest is DER.
    public var encoding: Encoding { rawValue <= 6 ? .raw : .utf8String }

    /// The last arc of the object identifier, 1…24.
    public var lastArc: UInt8 { rawValue }

    /// The object identifier in dotted form.
    public var dotted: String { "1.3.6.1.4.1.57264.1.\(rawValue)" }

    /// The extension with this last arc, if there is one.
    public init?(lastArc: UInt8) { self.init(rawValue: lastArc) }

    /// The name for people, as Sigstore's table of identifiers spells it.
    public var name: String {
        switch self {
        case .issuer: "Issuer"
        case .gitHubWorkflowTrigger: "GitHub Workflow Trigger"
        case .gitHubWorkflowSHA: "GitHub Workflow SHA"
        case .gitHubWorkflowName: "GitHub Workflow Name"
        case .gitHubWorkflowRepository: "GitHub Workflow Repository"
        case .gitHubWorkflowRef: "GitHub Workflow Ref"
        case .issuerV2: "Issuer (V2)"
        case .buildSignerURI: "Build Signer URI"
        case .buildSignerDigest: "Build Signer Digest"
        case .runnerEnvironment: "Runner Environment"
        case .sourceRepositoryURI: "Source Repository URI"
        case .sourceRepositoryDigest: "Source Repository Digest"
        case .sourceRepositoryRef: "Source Repository Ref"
        case .sourceRepositoryIdentifier: "Source Repository Identifier"
        case .sourceRepositoryOwnerURI: "Source Repository Owner URI"
        case .sourceRepositoryOwnerIdentifier: "Source Repository Owner Identifier"
        case .buildConfigURI: "Build Config URI"
        case .buildConfigDigest: "Build Config Digest"
        case .buildTrigger: "Build Trigger"
        case .runInvocationURI: "Run Invocation URI"
        case .sourceRepositoryVisibilityAtSigning: "Source Repository Visibility At Signing"
        case .deploymentEnvironment: "Deployment Environment"
        case .tokenSubject: "Token Subject"
        }
    }
}
