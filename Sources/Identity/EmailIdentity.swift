import Certificates

/// `email` (ID-10): the certificate names the verified email.
enum EmailIdentity {
    static func name(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> NamedIdentity {
        let email = try claims.required("email")
        let isVerified = try claims.flag("email_verified") ?? false
        guard isVerified || settings.skipEmailVerification else { throw .emailUnverified }
        guard isAddress(email), let san = try? SubjectAlternativeName(email: email) else {
            throw .claimInvalid("email")
        }
        var extensions = IdentityExtensions(issuer: try issuerName(claims, settings, issuer))
        extensions[.tokenSubject] = try claims.subject()
        return NamedIdentity(san: san, extensions: extensions, challenge: email)
    }

    /// The issuer, or what the configured claim says instead: an identity broker names the provider behind it there.
    private static func issuerName(
        _ claims: Claims,
        _ settings: IssuerSettings,
        _ issuer: IssuerURL
    ) throws(IdentityError) -> String {
        guard let path = settings.issuerClaim else { return issuer.text }
        let place = path.names.joined(separator: ".")
        guard let value = path.value(in: claims.json) else { throw .claimMissing(place) }
        guard let text = value.string, !text.isEmpty else { throw .claimInvalid(place) }
        return text
    }

    /// RFC 5321 §4.1.2's Dot-string at a domain with at least one dot, in ASCII: what Fulcio accepts, but for letters
    /// that a certificate couldn't hold.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let atoms = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtomText) }) else { return false }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let top = labels.last, let first = top.first,
            let last = top.last
        else { return false }
        return ASCII.isLetter(first) && ASCII.isLetter(last)
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        guard let first = label.first, let last = label.last, ASCII.isAlphanumeric(first), ASCII.isAlphanumeric(last)
        else {
            return false
        }
        return label.allSatisfy { ASCII.isAlphanumeric($0) || Array("-_~".utf8).contains($0) }
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || Array("!#$%&'*+-/=?^_`{|}~".utf8).contains(byte)
    }
}
