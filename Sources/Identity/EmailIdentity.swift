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
        return isLetter(first) && isLetter(last)
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        guard let first = label.first, let last = label.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return label.allSatisfy { isAlphanumeric($0) || Array("-_~".utf8).contains($0) }
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || Array("!#$%&'*+-/=?^_`{|}~".utf8).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
