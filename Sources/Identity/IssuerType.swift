/// What an issuer's tokens say about their bearer, and so how a name is made of them. A later type is one more case and
/// one more file.
enum IssuerType: String, Sendable, CaseIterable {
    case email
    case spiffe
    case uri
    case username
    case kubernetes
    case ciProvider = "ci-provider"
    case githubWorkflow = "github-workflow"
    case gitlabPipeline = "gitlab-pipeline"
    case buildkiteJob = "buildkite-job"
    case codefreshWorkflow = "codefresh-workflow"
    case chainguardIdentity = "chainguard-identity"

    /// The name that goes into the certificate, and what the proof of possession is over.
    func identity(_ claims: Claims, _ settings: IssuerSettings, _ issuer: IssuerURL) throws(IdentityError)
        -> NamedIdentity
    {
        switch self {
        case .email: try EmailIdentity.name(claims, settings, issuer)
        case .spiffe: try SPIFFEIdentity.name(claims, settings, issuer)
        case .uri: try URIIdentity.name(claims, settings, issuer)
        case .username: try UsernameIdentity.name(claims, settings, issuer)
        case .kubernetes: try KubernetesIdentity.name(claims, issuer)
        case .ciProvider: try CIProviderIdentity.name(claims, settings, issuer)
        case .githubWorkflow: try GitHubWorkflowIdentity.name(claims, issuer)
        case .gitlabPipeline: try GitLabPipelineIdentity.name(claims, issuer)
        case .buildkiteJob: try BuildkiteJobIdentity.name(claims, issuer)
        case .codefreshWorkflow: try CodefreshWorkflowIdentity.name(claims, issuer)
        case .chainguardIdentity: try ChainguardIdentity.name(claims, issuer)
        }
    }
}
