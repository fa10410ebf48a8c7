import ArgumentParser
import Certificates
import Keys
import Verification

/// Whose signature is wanted: an identity with its issuer, or a key. Each option also has the name that cosign gives it.
struct SignerOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("certificate-identity")],
        help: "Who must have signed: the URI, email address or username in the certificate."
    )
    var identity: String?

    @Option(
        name: [.long, .customLong("certificate-identity-regexp")],
        help: "The same as a regular expression, which all of it must match."
    )
    var identityRegex: String?

    @Option(
        name: [.long, .customLong("certificate-oidc-issuer")],
        help: "Which issuer must have identified them, such as https://token.actions.githubusercontent.com."
    )
    var issuer: String?

    @Option(
        name: [.long, .customLong("certificate-oidc-issuer-regexp")],
        help: "The same as a regular expression, which all of it must match."
    )
    var issuerRegex: String?

    @Option(help: "The signer's public key in PEM, instead of an identity.")
    var key: String?

    @Option(
        name: [.long, .customLong("certificate-github-workflow-trigger")],
        help: "The event that must have triggered the GitHub workflow, such as push."
    )
    var githubWorkflowTrigger: String?

    @Option(
        name: [.long, .customLong("certificate-github-workflow-sha")],
        help: "The commit that the GitHub workflow must have run for."
    )
    var githubWorkflowSha: String?

    @Option(
        name: [.long, .customLong("certificate-github-workflow-name")],
        help: "The name that the GitHub workflow must have."
    )
    var githubWorkflowName: String?

    @Option(
        name: [.long, .customLong("certificate-github-workflow-repository")],
        help: "The repository that the GitHub workflow must have run in, such as owner/name."
    )
    var githubWorkflowRepository: String?

    @Option(
        name: [.long, .customLong("certificate-github-workflow-ref")],
        help: "The git ref that the GitHub workflow must have run for, such as refs/heads/main."
    )
    var githubWorkflowRef: String?

    /// Refuses what can't be meant.
    func check() throws {
        if key != nil {
            guard [identity, identityRegex, issuer, issuerRegex].allSatisfy({ $0 == nil }), extensions.isEmpty else {
                throw ValidationError("give an identity with its issuer, or a key: not both")
            }
            return
        }
        guard (identity == nil) != (identityRegex == nil) else {
            throw ValidationError("give one of --identity and --identity-regex, or --key")
        }
        guard (issuer == nil) != (issuerRegex == nil) else {
            throw ValidationError(
                "give one of --issuer and --issuer-regex: a name means nothing without who vouches for it"
            )
        }
        guard wantedIdentity != nil else {
            throw ValidationError("an identity, an issuer or a regular expression is empty or can't be read")
        }
        guard extensions.values.allSatisfy({ !$0.isEmpty }) else {
            throw ValidationError("--github-workflow-… must not be empty")
        }
    }

    /// Whose signature; call it after ``check()``.
    func read() throws(RequestFailure) -> VerificationPolicy.Signer {
        if let wantedIdentity { return .identity(wantedIdentity) }
        guard let key else { throw .file("couldn't find out whose signature is wanted") }
        let pem = try ClientFiles.read(key)
        do { return .key(try PublicKey(pem: pem)) } catch { throw .file("couldn't use \(key): \(error)") }
    }

    /// What should be said before anything is verified.
    var notes: [String] {
        [wantedIdentity?.name, wantedIdentity?.issuer].compactMap { $0 }.filter(\.isAnchoredHere).map {
            "\($0) must match as a whole, from the first character to the last"
        }
    }

    private var wantedIdentity: ExpectedIdentity? {
        guard key == nil, let name = Self.pattern(identity, identityRegex),
            let issuer = Self.pattern(issuer, issuerRegex)
        else { return nil }
        return ExpectedIdentity(name: name, issuer: issuer, extensions: extensions)
    }

    private static func pattern(_ text: String?, _ expression: String?) -> TextPattern? {
        text.flatMap { TextPattern(exact: $0) } ?? expression.flatMap { TextPattern(expression: $0) }
    }

    private var extensions: [CertificateExtensionID: String] {
        let all: [(CertificateExtensionID, String?)] = [
            (.gitHubWorkflowTrigger, githubWorkflowTrigger), (.gitHubWorkflowSHA, githubWorkflowSha),
            (.gitHubWorkflowName, githubWorkflowName), (.gitHubWorkflowRepository, githubWorkflowRepository),
            (.gitHubWorkflowRef, githubWorkflowRef),
        ]
        return Dictionary(uniqueKeysWithValues: all.compactMap { id, text in text.map { (id, $0) } })
    }
}
