import Identity
import Settings
import Testing
import Wire

@testable import Policy

/// The policy of one issuer's entry, with claims that nobody has signed.
struct TestPolicy {
    static let url = "https://ci.example"

    let policy: IssuancePolicy
    let entry: IssuerEntryID
    let limiter: RateLimiter

    /// `text` has the entry's keys. A policy may go on with the limiter of another.
    init(_ text: String, limiter: RateLimiter = RateLimiter()) throws {
        let lines = text.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let settings = try IdentitySettings.parse(
            "oidc-issuers:\n  \(Self.url):\n    type: email\n    client-id: sigstore\n\(lines)\n"
        )
        policy = try IssuancePolicy(entries: settings.entries)
        entry = try #require(settings.entries.first).id
        self.limiter = limiter
    }

    /// One rule that allows what all of these conditions hold for; everything else is denied.
    static func allowing(_ conditions: String) throws -> TestPolicy {
        try TestPolicy("rules: {default: deny, list: [{id: it, allow: {\(conditions)}}]}")
    }

    /// One rule that denies what all of these conditions hold for; everything else is allowed.
    static func denying(_ conditions: String) throws -> TestPolicy {
        try TestPolicy("rules: {default: allow, list: [{id: it, deny: {\(conditions)}}]}")
    }

    func permit(_ claims: String = "{}", subject: String = "alice", now: Int64 = 0) throws -> Permission {
        try permit(try JSON.parse(Array(claims.utf8)), subject: subject, now: now)
    }

    func permit(_ claims: JSON, subject: String = "alice", now: Int64 = 0) throws(PolicyError) -> Permission {
        try policy.permit(entry, issuer: Self.url, subject: subject, claims: claims, limiter: limiter, now: now)
    }

    /// Why there is no certificate; nil if there is one.
    func refusal(_ claims: String = "{}", subject: String = "alice", now: Int64 = 0) throws -> PolicyError? {
        do {
            _ = try permit(try JSON.parse(Array(claims.utf8)), subject: subject, now: now)
            return nil
        } catch let error as PolicyError {
            return error
        }
    }

    func allows(_ claims: String) throws -> Bool {
        try refusal(claims) == nil
    }
}

/// A pattern that may be written so, on a text.
func globMatches(_ pattern: String, _ text: String) throws -> Bool {
    let glob = try #require(Glob(pattern))
    return Array(text.utf8).withUnsafeBufferPointer(glob.matches)
}
