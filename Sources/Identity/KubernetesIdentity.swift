/// `kubernetes` (ID-14): the certificate names the service account.
enum KubernetesIdentity {
    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        guard let object = claims.json["kubernetes.io"], !object.isNull else { throw .claimMissing("kubernetes.io") }
        guard let namespace = object["namespace"]?.string, isName(namespace),
            let account = object["serviceaccount"]?["name"]?.string, isName(account)
        else { throw .claimInvalid("kubernetes.io") }
        return try NamedIdentity(
            uri: "https://kubernetes.io/namespaces/\(namespace)/serviceaccounts/\(account)",
            claims: claims,
            issuer: issuer
        )
    }

    /// A DNS subdomain (RFC 1123), which is what Kubernetes allows; anything else could pretend to be another path.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
    }
}
