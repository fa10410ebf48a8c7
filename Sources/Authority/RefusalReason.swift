import CertificateLog
import Identity
import Issuance
import Policy

/// Why a request was refused, by a name that never changes: programs and alerts depend on it. `docs/errors.md` lists
/// each with its remedy.
///
/// The raw value is what clients read in `google.rpc.ErrorInfo.reason`; ``label`` is the same for metrics and logs.
public enum RefusalReason: String, Sendable, CaseIterable {
    case tokenMalformed = "TOKEN_MALFORMED"
    case issuerUnknown = "ISSUER_UNKNOWN"
    case issuerUnreachable = "ISSUER_UNREACHABLE"
    case algorithmRefused = "ALGORITHM_REFUSED"
    case keyUnknown = "KEY_UNKNOWN"
    case signatureInvalid = "SIGNATURE_INVALID"
    case tokenExpired = "TOKEN_EXPIRED"
    case tokenNotYetValid = "TOKEN_NOT_YET_VALID"
    case audienceMismatch = "AUDIENCE_MISMATCH"
    case audienceAmbiguous = "AUDIENCE_AMBIGUOUS"
    case emailUnverified = "EMAIL_UNVERIFIED"
    case claimMissing = "CLAIM_MISSING"
    case claimAmbiguous = "CLAIM_AMBIGUOUS"
    case claimInvalid = "CLAIM_INVALID"
    case templateFailed = "TEMPLATE_FAILED"
    case identityNotEncodable = "IDENTITY_NOT_ENCODABLE"

    case ruleDenied = "RULE_DENIED"
    case issuerRateLimited = "ISSUER_RATE_LIMITED"
    case subjectRateLimited = "SUBJECT_RATE_LIMITED"
    case tokenUsedUp = "TOKEN_USED_UP"

    case publicKeyUnparsable = "PUBLIC_KEY_UNPARSABLE"
    case publicKeyWeak = "PUBLIC_KEY_WEAK"
    case signingRequestUnparsable = "SIGNING_REQUEST_UNPARSABLE"
    case proofInvalid = "PROOF_INVALID"
    case signatureAlgorithmUnrecognized = "SIGNATURE_ALGORITHM_UNRECOGNIZED"
    case signatureAlgorithmNotPermitted = "SIGNATURE_ALGORITHM_NOT_PERMITTED"

    case bodyUnparsable = "BODY_UNPARSABLE"
    case bodyTooLarge = "BODY_TOO_LARGE"
    case headerTooLarge = "HEADER_TOO_LARGE"
    case httpMalformed = "HTTP_MALFORMED"
    case parameterInvalid = "PARAMETER_INVALID"
    case chainRefused = "CHAIN_REFUSED"
    case preconditionFailed = "PRECONDITION_FAILED"
    case rangeInvalid = "RANGE_INVALID"
    case notFound = "NOT_FOUND"
    case wrongMethod = "WRONG_METHOD"

    case busy = "BUSY"
    case logBusy = "LOG_BUSY"
    case logClockBehind = "LOG_CLOCK_BEHIND"
    case logFailed = "LOG_FAILED"
    case authorityExpired = "AUTHORITY_EXPIRED"
    case auditFailed = "AUDIT_FAILED"
    case lintFailed = "LINT_FAILED"
    case signerFailed = "SIGNER_FAILED"
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
        case .busy: .busy
        case .configuration, .file, .key, .chain, .storage, .witness, .incomparable, .directoryInUse, .directoryUsed:
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
        default: []
        }
    }

    /// When the same request may succeed, in seconds; nil when waiting doesn't help.
    public var retryAfterSeconds: Int? {
        switch self {
        case .policy(.issuerLimited(let seconds)), .policy(.subjectLimited(let seconds)): seconds
        case .log(let error): error.mayPass ? 1 : nil
        case .busy, .audit: 1
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
