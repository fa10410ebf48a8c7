import Certificates

/// `gitlab-pipeline` (ID-17): the certificate names the pipeline's configuration file.
enum GitLabPipelineIdentity {
    private static let url = "https://gitlab.com"

    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        let configuration = "https://\(try claims.required("ci_config_ref_uri"))"
        guard let signer = SubjectURL(configuration) else { throw .claimInvalid("ci_config_ref_uri") }
        let project = "\(url)/\(try claims.required("project_path"))"
        let configurationDigest = try claims.optional("ci_config_sha") ?? ""
        _ = try claims.required("pipeline_id")
        try checkRunner(claims)
        let texts: [(CertificateExtensionID, String)] = [
            (.buildSignerURI, configuration),
            (.buildSignerDigest, configurationDigest),
            (.runnerEnvironment, try claims.required("runner_environment")),
            (.sourceRepositoryURI, project),
            (.sourceRepositoryDigest, try claims.required("sha")),
            (.sourceRepositoryRef, try reference(claims)),
            (.sourceRepositoryIdentifier, try claims.required("project_id")),
            (.sourceRepositoryOwnerURI, "\(url)/\(try claims.required("namespace_path"))"),
            (.sourceRepositoryOwnerIdentifier, try claims.required("namespace_id")),
            (.buildConfigURI, configuration),
            (.buildConfigDigest, configurationDigest),
            (.buildTrigger, try claims.required("pipeline_source")),
            (.runInvocationURI, "\(project)/-/jobs/\(try claims.required("job_id"))"),
            (.sourceRepositoryVisibilityAtSigning, try claims.optional("project_visibility") ?? ""),
        ]
        return try NamedIdentity(uri: signer.serialized, claims: claims, issuer: issuer) { extensions in
            for (id, text) in texts { extensions[id] = text }
        }
    }

    private static func reference(_ claims: Claims) throws(IdentityError) -> String {
        let reference = try claims.required("ref")
        switch try claims.required("ref_type") {
        case "branch": return "refs/heads/\(reference)"
        case "tag": return "refs/tags/\(reference)"
        default: throw .claimInvalid("ref_type")
        }
    }

    /// `runner_id` is a whole number, and not 0.
    private static func checkRunner(_ claims: Claims) throws(IdentityError) {
        guard let value = claims.json["runner_id"], !value.isNull else { throw .claimMissing("runner_id") }
        guard let number = value.integer, number != 0 else { throw .claimInvalid("runner_id") }
    }
}
