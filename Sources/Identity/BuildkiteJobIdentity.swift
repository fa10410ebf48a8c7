/// `buildkite-job` (ID-18): the certificate names the pipeline.
enum BuildkiteJobIdentity {
    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        let organization = try claims.required("organization_slug")
        let pipeline = try claims.required("pipeline_slug")
        guard let url = SubjectURL("https://buildkite.com/\(organization)/\(pipeline)") else {
            throw .claimInvalid("pipeline_slug")
        }
        return try NamedIdentity(uri: url.serialized, claims: claims, issuer: issuer)
    }
}
