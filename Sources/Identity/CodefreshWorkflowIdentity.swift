import Certificates

/// `codefresh-workflow` (ID-19): the certificate names the pipeline, by its names and its identifiers.
enum CodefreshWorkflowIdentity {
    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        let account = try claims.required("account_id")
        let pipeline = try claims.required("pipeline_id")
        let workflow = try claims.required("workflow_id")
        var platform = try claims.optional("platform_url") ?? ""
        if platform.isEmpty { platform = "https://g.codefresh.io" }
        let accountName = try claims.optional("account_name") ?? ""
        let pipelineName = try claims.optional("pipeline_name") ?? ""
        guard let signer = SubjectURL(platform, joining: [accountName, "\(pipelineName):\(account)/\(pipeline)"]),
            let run = SubjectURL(platform, joining: ["build", workflow]),
            let configuration = SubjectURL(platform, joining: ["api/pipelines", pipeline])
        else { throw .claimInvalid("pipeline_name") }
        let texts: [(CertificateExtensionID, String?)] = [
            (.buildSignerURI, run.serialized),
            (.runnerEnvironment, try claims.optional("runner_environment")),
            (.sourceRepositoryURI, try claims.optional("scm_repo_url")),
            (.sourceRepositoryRef, try claims.optional("scm_ref")),
            (.buildConfigURI, configuration.serialized),
            (.runInvocationURI, run.serialized),
        ]
        return try NamedIdentity(uri: signer.serialized, claims: claims, issuer: issuer) { extensions in
            for (id, text) in texts { extensions[id] = text }
        }
    }
}
