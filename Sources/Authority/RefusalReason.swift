import CertificateLog
import Identity
import Issuance
import Policy
import RecordLog
import Timestamping

/// Why a request was refused, by a name that never changes: programs and alerts depend on it. `docs/errors.md` lists
/// each with its remedy.
///
/// The raw value is what clients read in `google.rpc.ErrorInfo.reason`; ``label`` is the same for metrics and logs.
public enum RefusalReason: String, Sendable, CaseIterable {
    /// Not a token: not three parts, not JSON, too large, or a header that asks for what isn't done here.
    case tokenMalformed = "TOKEN_MALFORMED"
    /// No entry of the configuration has the token's `iss`.
    case issuerUnknown = "ISSUER_UNKNOWN"
    /// The issuer's keys can't be had, and none that are fresh enough are known.
    case issuerUnreachable = "ISSUER_UNREACHABLE"
    /// The token's `alg` isn't one that its issuer may use.
    case algorithmRefused = "ALGORITHM_REFUSED"
    /// The issuer has no key with the token's `kid` and algorithm.
    case keyUnknown = "KEY_UNKNOWN"
    /// None of the issuer's keys has signed the token.
    case signatureInvalid = "SIGNATURE_INVALID"
    /// The token's `exp` has passed.
    case tokenExpired = "TOKEN_EXPIRED"
    /// The token's `nbf` is too far ahead.
    case tokenNotYetValid = "TOKEN_NOT_YET_VALID"
    /// The token's `aud` names no audience that is configured for its issuer.
    case audienceMismatch = "AUDIENCE_MISMATCH"
    /// The token's `aud` names the audiences of two entries.
    case audienceAmbiguous = "AUDIENCE_AMBIGUOUS"
    /// The issuer doesn't say that the email is verified.
    case emailUnverified = "EMAIL_UNVERIFIED"
    /// A claim that the issuer's type needs isn't there, or is empty.
    case claimMissing = "CLAIM_MISSING"
    /// A claim that says who, for whom or when stands twice, in letters of different case.
    case claimAmbiguous = "CLAIM_AMBIGUOUS"
    /// A claim isn't of the form that the issuer's type needs.
    case claimInvalid = "CLAIM_INVALID"
    /// A template of `ci-issuer-metadata` couldn't be filled with the token's claims.
    case templateFailed = "TEMPLATE_FAILED"
    /// The name can't stand in a certificate.
    case identityNotEncodable = "IDENTITY_NOT_ENCODABLE"

    /// A rule denies it, or none allows it.
    case ruleDenied = "RULE_DENIED"
    /// The issuer's tokens have got as many certificates as its limit allows for now.
    case issuerRateLimited = "ISSUER_RATE_LIMITED"
    /// The same for the token's `sub`.
    case subjectRateLimited = "SUBJECT_RATE_LIMITED"
    /// The token has got as many certificates as it may.
    case tokenUsedUp = "TOKEN_USED_UP"

    /// No public key, or none that can be read.
    case publicKeyUnparsable = "PUBLIC_KEY_UNPARSABLE"
    /// The public key must not be used.
    case publicKeyWeak = "PUBLIC_KEY_WEAK"
    /// The certificate signing request can't be read.
    case signingRequestUnparsable = "SIGNING_REQUEST_UNPARSABLE"
    /// The proof, or the signing request's signature, isn't by the key over what it must be over.
    case proofInvalid = "PROOF_INVALID"
    /// The signing request is signed in a way that no client may use.
    case signatureAlgorithmUnrecognized = "SIGNATURE_ALGORITHM_UNRECOGNIZED"
    /// Key and digest are known, and the pair isn't allowed here.
    case signatureAlgorithmNotPermitted = "SIGNATURE_ALGORITHM_NOT_PERMITTED"

    /// The request is no entry for the record log, or its signature isn't by its key.
    case recordRefused = "RECORD_REFUSED"
    /// The record log has the entry already.
    case recordDuplicate = "RECORD_DUPLICATE"

    /// The body isn't the JSON that the path takes.
    case bodyUnparsable = "BODY_UNPARSABLE"
    /// The body is over the limit.
    case bodyTooLarge = "BODY_TOO_LARGE"
    /// The headers are over the limit.
    case headerTooLarge = "HEADER_TOO_LARGE"
    /// It isn't HTTP, or the client went away in the middle of it.
    case httpMalformed = "HTTP_MALFORMED"
    /// A parameter of a log's call is missing or out of range.
    case parameterInvalid = "PARAMETER_INVALID"
    /// What was handed in to the log isn't a chain under one of its CAs.
    case chainRefused = "CHAIN_REFUSED"
    /// The content type isn't one that the path takes.
    case mediaTypeUnsupported = "MEDIA_TYPE_UNSUPPORTED"
    /// A request for a timestamp can be read and gets none.
    case timestampRefused = "TIMESTAMP_REFUSED"
    /// The document isn't one of those that `If-Match` names.
    case preconditionFailed = "PRECONDITION_FAILED"
    /// `Range` begins behind the document's end.
    case rangeInvalid = "RANGE_INVALID"
    /// There is no such path.
    case notFound = "NOT_FOUND"
    /// The path has another method.
    case wrongMethod = "WRONG_METHOD"

    /// Too many requests, or too large bodies, are under way.
    case busy = "BUSY"
    /// The log can't take or give something now, and may a moment later.
    case logBusy = "LOG_BUSY"
    /// The clock is too far behind the log's last entry.
    case logClockBehind = "LOG_CLOCK_BEHIND"
    /// The log is damaged or full, or another's refused or answered what doesn't hold.
    case logFailed = "LOG_FAILED"
    /// A certificate of the CA ends before a certificate issued now would.
    case authorityExpired = "AUTHORITY_EXPIRED"
    /// The clock is outside the dates of a certificate of the timestamp authority.
    case timestampingExpired = "TIMESTAMPING_EXPIRED"
    /// The audit sink is required and can't be written.
    case auditFailed = "AUDIT_FAILED"
    /// The certificate as it would have been signed isn't what it should be.
    case lintFailed = "LINT_FAILED"
    /// OpenSSL couldn't build or sign.
    case signerFailed = "SIGNER_FAILED"
    /// Another part of the authority failed, such as a file.
    case authorityFailed = "AUTHORITY_FAILED"

    /// The name in lower case, as metrics and logs have it.
    public var label: String { rawValue.lowercased() }
}

extension AuthorityError {
    /// The error's stable name.
    public var reason: RefusalReason {
        switch self {
        case .identity(let error): error.reason
        case .policy(.denied): .ruleDenied
        case .policy(.issuerLimited): .issuerRateLimited
        case .policy(.subjectLimited): .subjectRateLimited
        case .audit: .auditFailed
        case .issuance(let error): error.reason
        case .log(.usedUp): .tokenUsedUp
        case .log(.log(.clockBehind)): .logClockBehind
        case .log(.submissionRefused): .chainRefused
        case .log(let error): error.mayPass ? .logBusy : .logFailed
        case .record(.refused), .record(.proposalRefused): .recordRefused
        case .record(.duplicate): .recordDuplicate
        case .record(.log(.clockBehind)): .logClockBehind
        case .record(let error): error.mayPass ? .logBusy : .logFailed
        case .timestamping(let error): error.reason
        case .busy: .busy
        case .configuration, .file, .key, .chain, .storage, .witness, .incomparable, .directoryInUse, .directoryUsed,
            .trust, .rotation:
            .authorityFailed
        }
    }

    /// What the caller may know besides the name, all of it from the caller's own token: for
    /// `google.rpc.ErrorInfo.metadata`.
    public var facts: [(name: String, value: String)] {
        switch self {
        case .identity(let error): error.facts
        case .policy(.denied(let rule)): [("rule", rule?.text ?? "default")]
        case .log(.usedUp(let uses)): [("uses", "\(uses)")]
        case .record(.duplicate(let index)): [("logIndex", "\(index)")]
        case .timestamping(.refused(let failure)): [("failure", failure.name)]
        default: []
        }
    }

    /// When the same request may succeed, in seconds; nil when waiting doesn't help.
    public var retryAfterSeconds: Int? {
        switch self {
        case .policy(.issuerLimited(let seconds)), .policy(.subjectLimited(let seconds)): seconds
        case .log(let error): error.mayPass ? 1 : nil
        case .record(let error): error.mayPass ? 1 : nil
        case .busy, .audit, .timestamping(.clockBehind): 1
        default: nil
        }
    }
}

extension IdentityError {
    fileprivate var facts: [(name: String, value: String)] {
        switch self {
        case .expired(let seconds): [("expiredSecondsAgo", "\(seconds)")]
        case .notYetValid(let seconds): [("validInSeconds", "\(seconds)")]
        case .audienceMismatch(let expected): [("claim", "aud"), ("expected", expected.joined(separator: " "))]
        case .audienceAmbiguous: [("claim", "aud")]
        case .emailUnverified: [("claim", "email_verified")]
        case .claimMissing(let claim), .claimAmbiguous(let claim), .claimInvalid(let claim):
            [("claim", claim)]
        case .templateFailed(let part): [("part", part)]
        case .issuerUnknown: [("claim", "iss")]
        case .malformed, .issuerUnreachable, .algorithmRefused, .keyUnknown, .signatureInvalid: []
        }
    }
}

extension TimestampingError {
    fileprivate var reason: RefusalReason {
        switch self {
        case .unparsable: .bodyUnparsable
        case .refused: .timestampRefused
        case .expired, .notYetValid: .timestampingExpired
        case .clockBehind: .logClockBehind
        case .keyUnsupported, .policyInvalid, .key, .openSSL: .signerFailed
        }
    }
}

extension IdentityError {
    fileprivate var reason: RefusalReason {
        switch self {
        case .malformed: .tokenMalformed
        case .issuerUnknown: .issuerUnknown
        case .issuerUnreachable: .issuerUnreachable
        case .algorithmRefused: .algorithmRefused
        case .keyUnknown: .keyUnknown
        case .signatureInvalid: .signatureInvalid
        case .expired: .tokenExpired
        case .notYetValid: .tokenNotYetValid
        case .audienceMismatch: .audienceMismatch
        case .audienceAmbiguous: .audienceAmbiguous
        case .emailUnverified: .emailUnverified
        case .claimMissing: .claimMissing
        case .claimAmbiguous: .claimAmbiguous
        case .claimInvalid: .claimInvalid
        case .templateFailed: .templateFailed
        }
    }
}

extension IssuanceError {
    fileprivate var reason: RefusalReason {
        switch self {
        case .publicKeyUnparsable: .publicKeyUnparsable
        case .publicKeyWeak: .publicKeyWeak
        case .signingRequestUnparsable: .signingRequestUnparsable
        case .proofInvalid: .proofInvalid
        case .signatureAlgorithmUnrecognized: .signatureAlgorithmUnrecognized
        case .signatureAlgorithmNotPermitted: .signatureAlgorithmNotPermitted
        case .identityNotEncodable: .identityNotEncodable
        case .lintFailed: .lintFailed
        case .signerFailed: .signerFailed
        case .authorityExpired: .authorityExpired
        }
    }
}
