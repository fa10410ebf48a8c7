import Certificates

extension PresetCase {
    static let forgejo = """
        {"sub":"repo:acme/app:ref:refs/heads/main","actor":"dev","actor_id":"7","base_ref":"","event_name":"push","head_ref":"",
         "ref":"refs/heads/main","ref_protected":"true","ref_type":"branch","repository":"acme/app","repository_id":"11",
         "repository_owner":"acme","repository_owner_id":"3","run_attempt":"1","run_id":"501","run_number":"42","sha":"c0ffee",
         "workflow":"build.yml","workflow_ref":"acme/app/.forgejo/workflows/build.yml@refs/heads/main"}
        """

    static let all: [PresetCase] = [
        PresetCase(
            preset: "gitlab",
            base: "https://git.corp.example/",
            issuer: "https://git.corp.example",
            claims: """
                {"sub":"project_path:ops/infra/charts:ref_type:tag:ref:v2","namespace_id":"9001","namespace_path":"ops/infra",
                 "project_id":"1234567","project_path":"ops/infra/charts","user_login":"ci","pipeline_id":"88001","pipeline_source":"web",
                 "job_id":"770011","ref":"v2","ref_type":"tag","ref_protected":"false","runner_id":3,"runner_environment":"self-hosted",
                 "sha":"c0ffee","project_visibility":"internal","environment":"staging/eu","ci_config_sha":"beef",
                 "ci_config_ref_uri":"git.corp.example/ops/infra/charts//ci/main.yml@refs/tags/v2"}
                """,
            name: .uri("https://git.corp.example/ops/infra/charts//ci/main.yml@refs/tags/v2"),
            extensions: [
                9: "https://git.corp.example/ops/infra/charts//ci/main.yml@refs/tags/v2", 10: "beef", 11: "self-hosted",
                12: "https://git.corp.example/ops/infra/charts", 13: "c0ffee", 14: "refs/tags/v2", 15: "1234567",
                16: "https://git.corp.example/ops/infra", 17: "9001",
                18: "https://git.corp.example/ops/infra/charts//ci/main.yml@refs/tags/v2",
                19: "beef", 20: "web", 21: "https://git.corp.example/ops/infra/charts/-/jobs/770011", 22: "internal",
                23: "staging/eu",
            ]
        ),
        PresetCase(
            preset: "github-enterprise",
            base: "https://ghe.example",
            issuer: "https://ghe.example/_services/token",
            claims: """
                {"sub":"repo:acme/app:ref:refs/heads/main","ref":"refs/heads/main","sha":"c0ffee","repository":"acme/app","repository_owner":"acme",
                 "repository_id":"74","repository_owner_id":"65","run_id":"9","run_number":"10","run_attempt":"2","actor":"octocat","actor_id":"12",
                 "workflow":"release","head_ref":"","base_ref":"","event_name":"push","ref_type":"branch","repository_visibility":"private",
                 "workflow_ref":"acme/app/.github/workflows/release.yml@refs/heads/main","workflow_sha":"cafe","runner_environment":"self-hosted",
                 "job_workflow_ref":"acme/tools/.github/workflows/sign.yml@refs/tags/v4","job_workflow_sha":"beef"}
                """,
            name: .uri("https://ghe.example/acme/tools/.github/workflows/sign.yml@refs/tags/v4"),
            extensions: [
                2: "push", 3: "c0ffee", 4: "release", 5: "acme/app", 6: "refs/heads/main",
                9: "https://ghe.example/acme/tools/.github/workflows/sign.yml@refs/tags/v4", 10: "beef",
                11: "self-hosted",
                12: "https://ghe.example/acme/app", 13: "c0ffee", 14: "refs/heads/main", 15: "74",
                16: "https://ghe.example/acme", 17: "65",
                18: "https://ghe.example/acme/app/.github/workflows/release.yml@refs/heads/main", 19: "cafe",
                20: "push",
                21: "https://ghe.example/acme/app/actions/runs/9/attempts/2", 22: "private",
            ]
        ),
        PresetCase(
            preset: "forgejo",
            base: "https://code.example",
            issuer: "https://code.example/api/actions",
            claims: forgejo,
            name: .uri("https://code.example/acme/app/.forgejo/workflows/build.yml@refs/heads/main"),
            extensions: [
                9: "https://code.example/acme/app/.forgejo/workflows/build.yml@refs/heads/main",
                12: "https://code.example/acme/app",
                13: "c0ffee", 14: "refs/heads/main", 15: "11", 16: "https://code.example/acme", 17: "3",
                18: "https://code.example/acme/app/.forgejo/workflows/build.yml@refs/heads/main", 20: "push",
                21: "https://code.example/acme/app/actions/runs/42",
            ]
        ),
        PresetCase(
            preset: "gitea",
            base: "https://gitea.example/git",
            issuer: "https://gitea.example/git/api/actions/oidc",
            claims: """
                {"sub":"repo:3/11:ref:refs/heads/main","actor":"dev","actor_id":"7","repository":"acme/app","repository_id":"11","repository_owner":"acme",
                 "repository_owner_id":"3","run_id":"501","run_number":"42","run_attempt":"1","workflow":"build","workflow_repository":"acme/app",
                 "workflow_repository_id":"11","workflow_ref":"acme/app/.gitea/workflows/build.yml@refs/heads/main","workflow_sha":"cafe",
                 "repository_visibility":"public","event_name":"push","ref":"refs/heads/main","ref_type":"branch","sha":"c0ffee","job_id":"sign",
                 "runner_environment":"self-hosted"}
                """,
            name: .uri("https://gitea.example/git/acme/app/.gitea/workflows/build.yml@refs/heads/main"),
            extensions: [
                9: "https://gitea.example/git/acme/app/.gitea/workflows/build.yml@refs/heads/main", 10: "cafe",
                11: "self-hosted",
                12: "https://gitea.example/git/acme/app", 13: "c0ffee", 14: "refs/heads/main", 15: "11",
                16: "https://gitea.example/git/acme",
                17: "3", 18: "https://gitea.example/git/acme/app/.gitea/workflows/build.yml@refs/heads/main",
                19: "cafe", 20: "push",
                21: "https://gitea.example/git/acme/app/actions/runs/501", 22: "public",
            ]
        ),
        PresetCase(
            preset: "jenkins",
            base: "https://ci.example/jenkins",
            issuer: "https://ci.example/jenkins/oidc",
            claims: #"{"sub":"https://ci.example/jenkins/job/release/job/main/","build_number":1234567}"#,
            name: .uri("https://ci.example/jenkins/job/release/job/main/"),
            extensions: [
                9: "https://ci.example/jenkins/job/release/job/main/",
                18: "https://ci.example/jenkins/job/release/job/main/",
                21: "https://ci.example/jenkins/job/release/job/main/1234567/",
            ]
        ),
        PresetCase(
            preset: "azure-devops",
            base: "https://vstoken.dev.azure.com/0ca3ddd9-f0b0-4635-a98c-5866526961b6",
            issuer: "https://vstoken.dev.azure.com/0ca3ddd9-f0b0-4635-a98c-5866526961b6",
            claims: """
                {"jti":"90b75b0a","sub":"p://acme/web shop/release","aud":"api://AzureADTokenExchange","org_id":"0ca3ddd9-f0b0-4635-a98c-5866526961b6",
                 "prj_id":"271ef6f7-5998-4b0f-86fb-4b54d9129990","def_id":"1","rpo_id":"acme/app","rpo_uri":"https://github.com/acme/app.git",
                 "rpo_ver":"c0ffee","rpo_ref":"refs/heads/main","run_id":"5"}
                """,
            name: .uri("p://acme/web%20shop/release"),
            extensions: [
                9: "p://acme/web shop/release", 12: "https://github.com/acme/app.git", 13: "c0ffee",
                14: "refs/heads/main", 15: "acme/app",
                17: "0ca3ddd9-f0b0-4635-a98c-5866526961b6",
            ]
        ),
        PresetCase(
            preset: "circleci-server",
            base: "https://circle.example/org/3ed6",
            issuer: "https://circle.example/org/3ed6",
            claims: """
                {"sub":"org/3ed6/project/41ab/user/7c8d","oidc.circleci.com/project-id":"41ab","oidc.circleci.com/context-ids":["ctx-1"],
                 "oidc.circleci.com/pipeline-definition-id":"2f8b","oidc.circleci.com/pipeline-id":"6a2d","oidc.circleci.com/workflow-id":"8e0c",
                 "oidc.circleci.com/job-id":"0b9f","oidc.circleci.com/vcs-origin":"github.com/acme/app","oidc.circleci.com/vcs-ref":"refs/heads/main",
                 "oidc.circleci.com/ssh-rerun":false}
                """,
            name: .uri("https://circle.example/api/v2/projects/41ab/pipeline-definitions/2f8b"),
            extensions: [
                9: "https://circle.example/api/v2/projects/41ab/pipeline-definitions/2f8b", 12: "github.com/acme/app",
                14: "refs/heads/main",
                18: "https://circle.example/api/v2/pipeline/6a2d/config",
                21: "https://circle.example/workflow/8e0c/job/0b9f",
            ]
        ),
        PresetCase(
            preset: "keycloak",
            base: "https://sso.example/realms/staff",
            issuer: "https://sso.example/realms/staff",
            claims:
                #"{"sub":"b1ff0f7d","typ":"ID","azp":"sigstore","email":"jo@corp.example","email_verified":true,"preferred_username":"jo"}"#,
            name: .email("jo@corp.example"),
            extensions: [:]
        ),
        PresetCase(
            preset: "dex",
            base: "https://dex.example/dex",
            issuer: "https://dex.example/dex",
            claims: """
                {"sub":"CgcyMDE0","email":"jo@corp.example","email_verified":true,
                 "federated_claims":{"connector_id":"https://github.com/login/oauth","user_id":"2014"}}
                """,
            name: .email("jo@corp.example"),
            extensions: [:]
        ),
        PresetCase(
            preset: "spire",
            base: "https://oidc.example.org",
            issuer: "https://oidc.example.org",
            claims: #"{"sub":"spiffe://example.org/ns/build/sa/signer","aud":["c"]}"#,
            name: .uri("spiffe://example.org/ns/build/sa/signer"),
            extensions: [:],
            further: ", spiffe-trust-domain: example.org"
        ),
        PresetCase(
            preset: "kubernetes",
            base: "https://kubernetes.example",
            issuer: "https://kubernetes.example",
            claims: """
                {"sub":"system:serviceaccount:build:signer","kubernetes.io":{"namespace":"build","node":{"name":"a","uid":"c7"},
                 "pod":{"name":"sign-1","uid":"0f"},"serviceaccount":{"name":"signer","uid":"3b"}}}
                """,
            name: .uri("https://kubernetes.io/namespaces/build/serviceaccounts/signer"),
            extensions: [:]
        ),
        PresetCase(
            preset: "entra-id",
            base: "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            issuer: "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            claims: """
                {"ver":"2.0","sub":"AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ","tid":"9122040d-6c67-4c5b-b112-36a304b66dad",
                 "email":"Jo.Doe@contoso.example","preferred_username":"jo.doe@contoso.example","name":"Jo Doe"}
                """,
            name: .email("Jo.Doe@contoso.example"),
            extensions: [:]
        ),
    ]
}
