public import Certificates
public import Wire

/// What the verifier would make of a token, check by check, for whoever holds it. It goes on after a refusal, and nothing
/// in it is vouched for: only ``TokenVerifier`` makes a ``VerifiedIdentity``.
public struct TokenPreview: Sendable {
    /// How a check ended.
    public enum Check<Finding: Sendable>: Sendable {
        /// The token passes; this was found.
        case passed(Finding)
        /// The token is refused for this.
        case refused(IdentityError)
        /// What the check needs isn't there.
        case notChecked
    }

    /// The token's outside.
    public struct Header: Sendable, Equatable {
        /// How it says it is signed.
        public let algorithm: String
        /// The key it says it is signed with.
        public let keyID: String?
        /// The issuer it says it is by.
        public let issuer: IssuerURL
        /// The names of its claims, in its own order.
        public let claimNames: [String]
    }

    /// An entry of the configuration.
    public struct Entry: Sendable, Equatable {
        /// Which it is.
        public let id: IssuerEntryID
        /// The keys that lead to it, section first, joined by dots.
        public let path: String
        /// The line where it stands, from 1.
        public let line: Int
        /// The type's name.
        public let issuerType: String
        /// The audiences of its tokens.
        public let audiences: [String]
    }

    /// What the certificate would say.
    public struct Identity: Sendable, Equatable {
        /// The name.
        public let san: SubjectAlternativeName
        /// What else it says of the token's bearer.
        public let extensions: IdentityExtensions
    }

    /// Whether it can be read.
    public let header: Check<Header>
    /// Whether its issuer is configured: all entries that are.
    public let issuer: Check<[Entry]>
    /// Configured issuers that look like the token's, the likeliest first; empty when its own is one.
    public let nearestIssuers: [String]
    /// Whether one of the issuer's keys has signed it, and that key's name; not checked when the keys are fetched.
    public let signature: Check<String?>
    /// Whether it is for us, and by which entry.
    public let audience: Check<Entry>
    /// Whether it is valid now: its `exp` in seconds since 1970.
    public let expiry: Check<Int64>
    /// Whom it names.
    public let identity: Check<Identity>
    /// The entry that it was judged by: its audience's, or the issuer's only one.
    public let entry: Entry?
    /// All claims; nil when it can't be read.
    public let claims: JSON?

    /// Why the verifier would refuse it: the first refusal in the verifier's order.
    public var refusal: IdentityError? {
        header.refusal ?? issuer.refusal ?? signature.refusal ?? audience.refusal ?? expiry.refusal ?? identity.refusal
    }
}

extension TokenPreview.Check {
    /// What the token is refused for, if it is.
    public var refusal: IdentityError? {
        if case .refused(let error) = self { error } else { nil }
    }

    init(_ body: () throws(IdentityError) -> Finding) {
        do { self = .passed(try body()) } catch { self = .refused(error) }
    }
}
