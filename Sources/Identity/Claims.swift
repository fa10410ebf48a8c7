import Wire

/// A token's claims, and the ways to ask for one.
struct Claims {
    /// The claims that identify or bound an identity. Some readers of JSON, Go's among them, ignore letter case and take
    /// the last of `email` and `Email`; nobody should have to know which reader a token was made for.
    private static let names = ["iss", "sub", "aud", "exp", "nbf", "iat", "email", "email_verified"]

    let json: JSON

    /// Throws `.claimAmbiguous`.
    init(_ json: JSON) throws(IdentityError) {
        self.json = json
        for (name, _) in json.members ?? [] where !Self.names.contains(name) {
            let lowered = name.lowercased()
            if Self.names.contains(lowered), json[lowered] != nil { throw .claimAmbiguous(lowered) }
        }
    }

    /// A claim that must be a text with something in it.
    func required(_ name: String) throws(IdentityError) -> String {
        guard let text = try optional(name), !text.isEmpty else { throw .claimMissing(name) }
        return text
    }

    /// A claim that must be a text if it is there.
    func optional(_ name: String) throws(IdentityError) -> String? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .claimInvalid(name) }
        return text
    }

    /// `sub`; it may be missing (OIDC-37), then it is empty.
    func subject() throws(IdentityError) -> String {
        try optional("sub") ?? ""
    }

    /// A truth value, or one of the four texts that some providers send (OIDC-47); nil when missing.
    func flag(_ name: String) throws(IdentityError) -> Bool? {
        guard let value = json[name] else { return nil }
        if let flag = value.bool { return flag }
        switch value.string {
        case "true", "True": return true
        case "false", "False": return false
        default: throw .claimInvalid(name)
        }
    }

    /// A moment in seconds since 1970 (RFC 7519 §2 NumericDate), rounded down; nil when missing or null.
    func moment(_ name: String) throws(IdentityError) -> Int64? {
        guard let value = json[name], !value.isNull else { return nil }
        // The last second of the year 9999: what lies beyond is no date.
        guard let number = value.number, abs(number) <= 253_402_300_799 else { throw .claimInvalid(name) }
        return Int64(number.rounded(.down))
    }

    /// `aud`: a text or a list of texts (RFC 7519 §4.1.3).
    func audiences() throws(IdentityError) -> [String] {
        guard let value = json["aud"], !value.isNull else { return [] }
        if let text = value.string { return [text] }
        guard let elements = value.elements else { throw .claimInvalid("aud") }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw .claimInvalid("aud") }
        return texts
    }
}
