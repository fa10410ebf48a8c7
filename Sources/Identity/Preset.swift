import Settings

/// What is known of a provider that people run themselves, so that an entry need only say `preset` and `base-url`.
///
/// The table is YAML, as the entry and its provider would be written by hand; `<base>` stands for the base URL and `<root>`
/// for its scheme and host. Both are written into the templates and not into default values, which a claim of the same
/// name would replace.
struct Preset {
    /// The issuer.
    let issuer: String
    /// The entry's keys unless it has its own.
    let entry: SettingsObject
    /// Its templates; only with the type `ci-provider`.
    let provider: CIProvider?

    /// The preset that an entry names; nil if it names none. Throws for unknown names and unsuitable base URLs.
    static func named(in keys: SettingsObject) throws(SettingsError) -> Preset? {
        guard let node = keys["preset"] else { return nil }
        guard let row = table[try node.string()] else {
            throw node.invalid("must be one of \(table.keys.sorted().joined(separator: ", "))")
        }
        let baseNode = try keys.required("base-url")
        var base = try baseNode.string()
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        guard let url = SubjectURL(base), url.host != nil, ["https", "http"].contains(url.scheme),
            base.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || "-._~:/[]".utf8.contains($0) })
        else { throw baseNode.invalid("must be a URL such as https://gitlab.example.com") }
        let root = base.split(separator: "/").prefix(2).joined(separator: "//")
        func filled(_ text: String) -> String {
            text.replacing("<base>", with: base).replacing("<root>", with: root)
        }
        let entry = try SettingsNode.parse(filled(row.entry)).object(known: [
            "type", "client-id", "issuer-claim", "skip-email-verification",
        ])
        let metadata = row.templates.isEmpty ? "" : "preset:\n" + row.templates
        let providers = try CIProvider.all(try SettingsNode.parse(filled(metadata)), unknownKeys: .refused)
        return Preset(issuer: filled(row.issuer), entry: entry, provider: providers["preset"])
    }

    private typealias Row = (issuer: String, entry: String, templates: String)

    private static let table: [String: Row] = [
        "gitlab": ("<base>", "type: ci-provider", gitLab),
        "github-enterprise": ("<base>/_services/token", "type: ci-provider", gitHubEnterprise),
        "forgejo": ("<base>/api/actions", "type: ci-provider", forgejo),
        "gitea": ("<base>/api/actions/oidc", "type: ci-provider", gitea),
        "jenkins": ("<base>/oidc", "type: ci-provider", jenkins),
        // The audience can't be chosen.
        "azure-devops": ("<base>", "{type: ci-provider, client-id: \"api://AzureADTokenExchange\"}", azureDevOps),
        "circleci-server": ("<base>", "type: ci-provider", circleCI),
        "keycloak": ("<base>", "type: email", ""),
        "dex": ("<base>", "{type: email, issuer-claim: $.federated_claims.connector_id}", ""),
        "spire": ("<base>", "type: spiffe", ""),
        "kubernetes": ("<base>", "type: kubernetes", ""),
        // Its tokens have no `email_verified`; the tenant's administrators answer for the addresses.
        "entra-id": ("<base>", "{type: email, skip-email-verification: true}", ""),
    ]

    private static let gitLab = """
          subject-alternative-name-template: "https://{{.ci_config_ref_uri}}"
          extension-templates:
            build-signer-uri: "https://{{.ci_config_ref_uri}}"
            build-signer-digest: '{{index . "ci_config_sha"}}'
            runner-environment: runner_environment
            source-repository-uri: "<base>/{{.project_path}}"
            source-repository-digest: sha
            source-repository-ref: 'refs/{{if eq .ref_type "branch"}}heads{{else}}tags{{end}}/{{.ref}}'
            source-repository-identifier: project_id
            source-repository-owner-uri: "<base>/{{.namespace_path}}"
            source-repository-owner-identifier: namespace_id
            build-config-uri: "https://{{.ci_config_ref_uri}}"
            build-config-digest: '{{index . "ci_config_sha"}}'
            build-trigger: pipeline_source
            run-invocation-uri: "<base>/{{.project_path}}/-/jobs/{{.job_id}}"
            source-repository-visibility-at-signing: '{{index . "project_visibility"}}'
            deployment-environment: '{{index . "environment"}}'

        """

    private static let gitHubEnterprise = """
          subject-alternative-name-template: "<base>/{{.job_workflow_ref}}"
          extension-templates:
            github-workflow-trigger: event_name
            github-workflow-sha: sha
            github-workflow-name: workflow
            github-workflow-repository: repository
            github-workflow-ref: ref
            build-signer-uri: "<base>/{{.job_workflow_ref}}"
            build-signer-digest: '{{index . "job_workflow_sha"}}'
            runner-environment: '{{index . "runner_environment"}}'
            source-repository-uri: "<base>/{{.repository}}"
            source-repository-digest: sha
            source-repository-ref: ref
            source-repository-identifier: repository_id
            source-repository-owner-uri: "<base>/{{.repository_owner}}"
            source-repository-owner-identifier: repository_owner_id
            build-config-uri: '{{with index . "workflow_ref"}}<base>/{{.}}{{end}}'
            build-config-digest: '{{index . "workflow_sha"}}'
            build-trigger: event_name
            run-invocation-uri: "<base>/{{.repository}}/actions/runs/{{.run_id}}/attempts/{{.run_attempt}}"
            source-repository-visibility-at-signing: '{{index . "repository_visibility"}}'
            deployment-environment: '{{index . "environment"}}'

        """

    /// Its tokens name the workflow of the run and know no reusable ones; the run's page has its number.
    private static let forgejo = """
          subject-alternative-name-template: "<base>/{{.workflow_ref}}"
          extension-templates:
            build-signer-uri: "<base>/{{.workflow_ref}}"
            source-repository-uri: "<base>/{{.repository}}"
            source-repository-digest: sha
            source-repository-ref: ref
            source-repository-identifier: '{{index . "repository_id"}}'
            source-repository-owner-uri: "<base>/{{.repository_owner}}"
            source-repository-owner-identifier: '{{index . "repository_owner_id"}}'
            build-config-uri: "<base>/{{.workflow_ref}}"
            build-trigger: event_name
            run-invocation-uri: "<base>/{{.repository}}/actions/runs/{{.run_number}}"

        """

    /// `job_workflow_ref` is there in jobs of reusable workflows only.
    private static let gitea = """
          subject-alternative-name-template: &signer
            '<base>/{{with index . "job_workflow_ref"}}{{.}}{{else}}{{.workflow_ref}}{{end}}'
          extension-templates:
            build-signer-uri: *signer
            build-signer-digest: '{{or (index . "job_workflow_sha") (index . "workflow_sha")}}'
            runner-environment: runner_environment
            source-repository-uri: "<base>/{{.repository}}"
            source-repository-digest: sha
            source-repository-ref: '{{index . "ref"}}'
            source-repository-identifier: repository_id
            source-repository-owner-uri: "<base>/{{.repository_owner}}"
            source-repository-owner-identifier: repository_owner_id
            build-config-uri: "<base>/{{.workflow_ref}}"
            build-config-digest: '{{index . "workflow_sha"}}'
            build-trigger: event_name
            run-invocation-uri: "<base>/{{.repository}}/actions/runs/{{.run_id}}"
            source-repository-visibility-at-signing: repository_visibility

        """

    /// The plugin oidc-provider: `sub` is the job's URL with a slash behind it, which must be one of this Jenkins.
    private static let jenkins = """
          subject-alternative-name-template: &job
            '{{if eq (slice .sub 0 (len "<base>/")) "<base>/"}}{{.sub}}{{end}}'
          extension-templates:
            build-signer-uri: *job
            build-config-uri: *job
            run-invocation-uri: '{{.sub}}{{.build_number}}/'

        """

    /// `sub` is p://organization/project/pipeline, or sc://… for a service connection, then without a repository.
    private static let azureDevOps = """
          subject-alternative-name-template: sub
          extension-templates:
            build-signer-uri: sub
            source-repository-uri: '{{index . "rpo_uri"}}'
            source-repository-digest: '{{index . "rpo_ver"}}'
            source-repository-ref: '{{index . "rpo_ref"}}'
            source-repository-identifier: '{{index . "rpo_id"}}'
            source-repository-owner-identifier: '{{index . "org_id"}}'

        """

    /// The base URL is the issuer, https://HOST/org/ORGANIZATION.
    private static let circleCI = """
          subject-alternative-name-template: &pipeline >-
            <root>/api/v2/projects/{{index . "oidc.circleci.com/project-id"}}/pipeline-definitions/{{index .
            "oidc.circleci.com/pipeline-definition-id"}}
          extension-templates:
            build-signer-uri: *pipeline
            runner-environment: '{{if eq (index . "oidc.circleci.com/ssh-rerun") "true"}}ssh-rerun{{end}}'
            source-repository-uri: '{{index . "oidc.circleci.com/vcs-origin"}}'
            source-repository-ref: '{{index . "oidc.circleci.com/vcs-ref"}}'
            build-config-uri: '<root>/api/v2/pipeline/{{index . "oidc.circleci.com/pipeline-id"}}/config'
            run-invocation-uri: >-
              <root>/workflow/{{index . "oidc.circleci.com/workflow-id"}}/job/{{index . "oidc.circleci.com/job-id"}}

        """
}
