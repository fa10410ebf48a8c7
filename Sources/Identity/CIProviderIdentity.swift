import Certificates
import Templates

/// `ci-provider` (ID-20): the certificate says what the configured templates make of the claims.
enum CIProviderIdentity {
    static func name(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> NamedIdentity {
        guard let provider = settings.provider else { throw .issuerUnknown }
        // ID-31: claims win over defaults.
        func value(_ name: String) -> String? {
            claims.json[name].map { ClaimText.text(of: $0) } ?? provider.defaults[name]
        }
        let text = try provider.subjectAlternativeName.text(of: value, for: "the subject alternative name")
        guard let url = SubjectURL(text) else { throw .templateFailed("the subject alternative name") }
        var texts: [(CertificateExtensionID, String)] = []
        for (id, source) in provider.extensions { texts.append((id, try source.text(of: value, for: id.name))) }
        return try NamedIdentity(uri: url.serialized, claims: claims, issuer: issuer) { extensions in
            for (id, text) in texts { extensions[id] = text }
        }
    }
}

extension CIProvider.Source {
    /// Throws `.claimMissing`, and `.templateFailed` with the part of the certificate.
    fileprivate func text(of value: (String) -> String?, for part: String) throws(IdentityError) -> String {
        switch self {
        case .blank(let text): return text
        case .claim(let name):
            guard let text = value(name) else { throw .claimMissing(name) }
            return text
        case .template(let template):
            do { return try template.render(value) } catch {
                if case .valueMissing(let name) = error { throw .claimMissing(name) }
                throw .templateFailed(part)
            }
        }
    }
}
