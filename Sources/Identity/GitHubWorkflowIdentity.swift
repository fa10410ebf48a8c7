import Certificates

/// `github-workflow` (ID-16): the certificate names the workflow file that the job ran.
enum GitHubWorkflowIdentity {
    private static let url = "https://github.com"

    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        let workflowReference = try claims.required("job_workflow_ref")
        guard let signer = SubjectURL("\(url)/\(workflowReference)") else { throw .claimInvalid("job_workflow_ref") }
        let commit = try claims.required("sha")
        let event = try claims.required("event_name")
        let repository = try claims.required("repository")
        let reference = try claims.required("ref")
        let run = "\(try claims.required("run_id"))/attempts/\(try claims.required("run_attempt"))"
        let texts: [(CertificateExtensionID, String)] = [
            (.gitHubWorkflowTrigger, event),
            (.gitHubWorkflowSHA, commit),
            (.gitHubWorkflowName, try claims.required("workflow")),
            (.gitHubWorkflowRepository, repository),
            (.gitHubWorkflowRef, reference),
            (.buildSignerURI, "\(url)/\(workflowReference)"),
            (.buildSignerDigest, try claims.required("job_workflow_sha")),
            (.runnerEnvironment, try claims.required("runner_environment")),
            (.sourceRepositoryURI, "\(url)/\(repository)"),
            (.sourceRepositoryDigest, commit),
            (.sourceRepositoryRef, reference),
            (.sourceRepositoryIdentifier, try claims.required("repository_id")),
            (.sourceRepositoryOwnerURI, "\(url)/\(try claims.required("repository_owner"))"),
            (.sourceRepositoryOwnerIdentifier, try claims.required("repository_owner_id")),
            (.buildConfigURI, "\(url)/\(try claims.required("workflow_ref"))"),
            (.buildConfigDigest, try claims.required("workflow_sha")),
            (.buildTrigger, event),
            (.runInvocationURI, "\(url)/\(repository)/actions/runs/\(run)"),
            (.sourceRepositoryVisibilityAtSigning, try claims.required("repository_visibility")),
        ]
        return try NamedIdentity(uri: signer.serialized, claims: claims, issuer: issuer) { extensions in
            for (id, text) in texts { extensions[id] = text }
        }
    }
}
