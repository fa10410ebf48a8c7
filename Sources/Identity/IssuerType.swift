/// What an issuer's tokens say about their bearer, and so how a name is made of them. A later type is one more case and
/// one more file.
enum IssuerType: String, Sendable, CaseIterable {
    case email
    case uri
    case kubernetes
    case githubWorkflow = "github-workflow"

    /// Fulcio's types that aren't built yet: they load with a warning, and no token of theirs is accepted.
    static let notBuilt: Set<String> = [
        "spiffe", "username", "gitlab-pipeline", "buildkite-job", "codefresh-workflow", "chainguard-identity",
        "ci-provider",
    ]

    /// The name that goes into the certificate, and what the proof of possession is over.
    func identity(_ claims: Claims, _ settings: IssuerSettings, _ issuer: IssuerURL) throws(IdentityError)
        -> NamedIdentity
    {
        switch self {
        case .email: try EmailIdentity.name(claims, settings, issuer)
        case .uri: try URIIdentity.name(claims, settings, issuer)
        case .kubernetes: try KubernetesIdentity.name(claims, issuer)
        case .githubWorkflow: try GitHubWorkflowIdentity.name(claims, issuer)
        }
    }
}
