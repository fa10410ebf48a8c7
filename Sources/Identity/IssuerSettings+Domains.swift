import Settings

/// The checks of `subject-domain` and `spiffe-trust-domain`.
extension IssuerSettings {
    /// OIDC-12
    static func checkTrustDomain(_ domain: String?, _ node: SettingsNode) throws(SettingsError) {
        guard let domain else { throw node.invalid("spiffe issuer must have SPIFFETrustDomain set") }
        guard SPIFFEIdentity.trustDomain(named: domain) != nil else {
            throw node.invalid("spiffe trust domain is invalid: \(domain)")
        }
    }

    /// OIDC-13
    static func checkDomain(_ domain: String?, _ issuer: String, _ node: SettingsNode) throws(SettingsError) {
        guard let domain else { throw node.invalid("uri issuer must have SubjectDomain set") }
        guard let subject = SubjectURL(domain), let host = subject.host else {
            throw node.invalid("SubjectDomain for uri must contain scheme")
        }
        guard let issuer = SubjectURL(issuer), let issuerHost = issuer.host else {
            throw node.invalid("issuer for uri must contain scheme")
        }
        guard subject.scheme == issuer.scheme else {
            throw node.invalid("subject (\(subject.scheme)) and issuer (\(issuer.scheme)) URI schemes do not match")
        }
        try checkHosts(host, issuerHost, node)
    }

    /// OIDC-14
    static func checkUserDomain(_ domain: String?, _ issuer: String, _ node: SettingsNode) throws(SettingsError) {
        guard let domain, !domain.isEmpty else { throw node.invalid("username issuer must have SubjectDomain set") }
        guard !domain.contains("://") else {
            throw node.invalid("SubjectDomain for username should not contain scheme")
        }
        guard let host = SubjectURL(issuer)?.host else {
            throw node.invalid("issuer for username must contain scheme")
        }
        try checkHosts(domain, host, node)
    }

    /// The same host, or the same last two labels.
    private static func checkHosts(_ domain: String, _ issuer: String, _ node: SettingsNode) throws(SettingsError) {
        guard domain != issuer else { return }
        let labels = [domain, issuer].map { $0.split(separator: ".").suffix(2) }
        guard labels.allSatisfy({ $0.count == 2 }) else { throw node.invalid("URI hostname too short") }
        guard labels[0] == labels[1] else {
            throw node.invalid("hostname top-level and second-level domains do not match")
        }
    }
}
