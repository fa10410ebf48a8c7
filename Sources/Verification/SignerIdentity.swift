public import Certificates

/// Whom a certificate names, and who says so.
public struct SignerIdentity: Sendable, Equatable {
    /// The name: of several the first URI, or else the first email address, or else the username.
    public let name: String
    /// The issuer of the token: extension 1.8, or else 1.1.
    public let issuer: String
    /// All that the certificate says of the token.
    public let extensions: IdentityExtensions

    /// Reads a certificate. Throws `.unreadable`, also when 1.8 and 1.1 differ; `.nameMissing` and `.issuerMissing`.
    public init(_ certificate: Certificate) throws(IdentityProblem) {
        let names: [SubjectAlternativeName]
        do {
            names = try certificate.subjectAlternativeNames()
            extensions = try certificate.identityExtensions()
        } catch {
            throw .unreadable
        }
        var found: [String?] = [nil, nil, nil]
        for name in names {
            switch name {
            case .uri(let text): found[0] = found[0] ?? text
            case .email(let text): found[1] = found[1] ?? text
            case .otherName(let text): found[2] = found[2] ?? text
            }
        }
        guard let name = found.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { throw .nameMissing }
        guard let issuer = extensions[.issuerV2] ?? extensions[.issuer] else { throw .issuerMissing }
        if let other = extensions[.issuer], other != issuer { throw .unreadable }
        self.name = name
        self.issuer = issuer
    }
}
