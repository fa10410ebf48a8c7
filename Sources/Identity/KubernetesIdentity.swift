/// `kubernetes` (ID-14): the certificate names the service account.
enum KubernetesIdentity {
    static func name(_ claims: Claims, _ issuer: IssuerURL) throws(IdentityError) -> NamedIdentity {
        guard let object = claims.json["kubernetes.io"], !object.isNull else { throw .claimMissing("kubernetes.io") }
        guard let namespace = object["namespace"]?.string, isLabel(namespace[...]),
            let account = object["serviceaccount"]?["name"]?.string, isSubdomain(account)
        else { throw .claimInvalid("kubernetes.io") }
        return try NamedIdentity(
            uri: "https://kubernetes.io/namespaces/\(namespace)/serviceaccounts/\(account)",
            claims: claims,
            issuer: issuer
        )
    }

    /// An RFC 1123 label, as a namespace is one.
    static func isLabel(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63,
            isLabelEnd(first), isLabelEnd(last)
        else { return false }
        return text.utf8.allSatisfy { isLabelEnd($0) || $0 == UInt8(ascii: "-") }
    }

    /// A DNS subdomain, as a service account is one; anything else could pretend to be another path.
    static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabelEnd(_ byte: UInt8) -> Bool { ASCII.isLowercase(byte) || ASCII.isDigit(byte) }
}
