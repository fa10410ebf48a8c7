/// Why a token doesn't identify anybody. Payloads hold what the caller's own token says, or what is configured for all.
public enum IdentityError: Error, Equatable, Sendable {
    /// The text isn't a compact JWS of JSON (OIDC-20).
    case malformed
    /// No issuer of this name is configured, or it is of an unknown type (OIDC-24).
    case issuerUnknown
    /// The issuer's documents couldn't be had, and no keys that are fresh enough are known.
    case issuerUnreachable
    /// The signature algorithm isn't one this issuer may use (OIDC-35).
    case algorithmRefused
    /// The header names a key that the issuer doesn't have (OIDC-36).
    case keyUnknown
    /// No key of the issuer has signed this (OIDC-36).
    case signatureInvalid
    /// The token has expired, this many seconds ago (OIDC-32).
    case expired(secondsAgo: Int64)
    /// The token isn't valid yet, for this many seconds (OIDC-33).
    case notYetValid(seconds: Int64)
    /// The token isn't for us; these are the audiences that are expected (OIDC-31).
    case audienceMismatch(expected: [String])
    /// The token names audiences of two entries.
    case audienceAmbiguous
    /// The email isn't verified by the issuer (ID-10).
    case emailUnverified
    /// The token lacks this claim, or has nothing in it.
    case claimMissing(String)
    /// The token has this claim twice, in letters of different case, and readers differ in which one counts.
    case claimAmbiguous(String)
    /// This claim isn't what the issuer's type wants.
    case claimInvalid(String)
    /// The configured template makes of these claims nothing that this part of the certificate could hold.
    case templateFailed(String)
}

extension IdentityError {
    /// Whether newer keys of the issuer might verify the token.
    public var mayNeedNewKeys: Bool { self == .signatureInvalid || self == .keyUnknown }
}

extension IdentityError: CustomStringConvertible {
    /// A sentence; no claim's value.
    public var description: String {
        switch self {
        case .malformed: "couldn't read the token"
        case .issuerUnknown: "couldn't match the token's issuer with a configured one"
        case .issuerUnreachable: "couldn't get the issuer's keys"
        case .algorithmRefused: "couldn't accept the token's algorithm for its issuer"
        case .keyUnknown: "couldn't find the key that the token names"
        case .signatureInvalid: "couldn't verify the token's signature"
        case .expired(let seconds): "couldn't accept the token: it expired \(seconds) seconds ago"
        case .notYetValid(let seconds): "couldn't accept the token: it is valid in \(seconds) seconds"
        case .audienceMismatch(let expected):
            "couldn't accept the token: its audience isn't one of [\(expected.joined(separator: ", "))]"
        case .audienceAmbiguous: "couldn't accept the token: its audiences are those of two configured entries"
        case .emailUnverified: "couldn't accept the token: its email isn't verified"
        case .claimMissing(let name): "couldn't accept the token: the claim \(name) is missing"
        case .claimAmbiguous(let name):
            "couldn't accept the token: the claim \(name) stands twice, in different letters"
        case .claimInvalid(let name): "couldn't accept the token: the claim \(name) isn't what it should be"
        case .templateFailed(let part): "couldn't make \(part) of the token's claims"
        }
    }
}
