/// What a pod of a Kubernetes cluster finds to talk with the cluster's own issuer (OIDC-46).
enum ClusterFiles {
    /// The issuer's names that mean something only inside a cluster, each in its own.
    static let issuers: Set<String> = [
        "https://kubernetes.default.svc", "https://kubernetes.default.svc.cluster.local",
    ]
    /// The cluster's CA, where Fulcio's deployments mount it.
    static let authorities = "/var/run/fulcio/ca.crt"
    /// The pod's service account's token, which the cluster replaces every hour or so.
    static let token = "/var/run/secrets/kubernetes.io/serviceaccount/token"
}
