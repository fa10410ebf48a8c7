import Certificates

/// Step E: the certificate names who is expected (client specification §4.5).
struct IdentityStep {
    let certificate: Certificate
    let expected: ExpectedIdentity

    /// Whom the certificate names. Throws each of the problems but those of a signer of another kind.
    func run() throws(IdentityProblem) -> SignerIdentity {
        let identity = try SignerIdentity(certificate)
        guard expected.name.matches(identity.name) else {
            throw .nameMismatch(expected: "\(expected.name)", found: identity.name)
        }
        guard expected.issuer.matches(identity.issuer) else {
            throw .issuerMismatch(expected: "\(expected.issuer)", found: identity.issuer)
        }
        for id in CertificateExtensionID.allCases {
            guard let wanted = expected.extensions[id] else { continue }
            guard let found = identity.extensions[id] else { throw .extensionMissing(id, expected: wanted) }
            guard found.utf8.elementsEqual(wanted.utf8) else {
                throw .extensionMismatch(id, expected: wanted, found: found)
            }
        }
        return identity
    }
}
