/// `spiffe` (ID-11): the certificate names the `sub`, a SPIFFE ID of the configured trust domain.
///
/// Source: "The SPIFFE Identity and Verifiable Identity Document" §2.
enum SPIFFEIdentity {
    private static let scheme = "spiffe://"

    static func name(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> NamedIdentity {
        let subject = try claims.required("sub")
        guard let domain = trustDomain(of: subject), domain == settings.spiffeTrustDomain.flatMap(trustDomain(named:))
        else { throw .claimInvalid("sub") }
        return try NamedIdentity(uri: subject, claims: claims, issuer: issuer)
    }

    /// The trust domain of a SPIFFE ID; nil if it isn't one.
    static func trustDomain(of id: String) -> String? {
        guard id.utf8.count <= 2048, id.utf8.starts(with: scheme.utf8) else { return nil }
        let parts = id.utf8.dropFirst(scheme.utf8.count).split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard let domain = parts.first, isTrustDomain(domain), parts.dropFirst().allSatisfy(isSegment) else {
            return nil
        }
        return String(domain)
    }

    /// The trust domain that a configuration names, itself or by a SPIFFE ID of it; nil if it isn't one.
    static func trustDomain(named text: String) -> String? {
        if text.utf8.starts(with: scheme.utf8) { return trustDomain(of: text) }
        return isTrustDomain(text.utf8[...]) ? text : nil
    }

    private static func isTrustDomain(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty && text.count <= 255
            && text.allSatisfy { ASCII.isLowercase($0) || ASCII.isDigit($0) || "-._".utf8.contains($0) }
    }

    private static func isSegment(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty && !text.elementsEqual(".".utf8) && !text.elementsEqual("..".utf8)
            && text.allSatisfy { ASCII.isAlphanumeric($0) || "-._".utf8.contains($0) }
    }
}
