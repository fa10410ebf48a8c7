import Authority
import CertificateLog
import HTTPTypes
import Identity
import Issuance
import Keys
import Policy
import RecordLog
import Timestamping

/// What a client is told when it doesn't get what it asked for: the one page where errors become HTTP (API-61…68).
///
/// A client hears what it can mend and nothing else: no internal text, no path, no token. The message is Fulcio's, word
/// for word; the reason and the facts, which Fulcio doesn't give, stand in the details.
struct Refusal: Error, Equatable, Sendable {
    /// The HTTP status.
    let status: HTTPResponse.Status
    /// The gRPC code that Fulcio's clients know (API-62).
    private(set) var code: Int64
    /// The sentence.
    let message: String
    /// The reason's stable name.
    let reason: RefusalReason
    /// What else the caller may know, by name.
    private(set) var facts: [String: String] = [:]
    /// When to come back, in seconds, for 429 and 503.
    var retryAfterSeconds: Int?

    private static func caller(_ message: String, _ reason: RefusalReason) -> Refusal {
        Refusal(status: .badRequest, code: 3, message: message, reason: reason)
    }

    private static func ours(_ message: String, _ reason: RefusalReason) -> Refusal {
        Refusal(status: .internalServerError, code: 13, message: message, reason: reason)
    }

    private static func later(_ message: String, _ reason: RefusalReason) -> Refusal {
        Refusal(status: .serviceUnavailable, code: 14, message: message, reason: reason)
    }

    private static let tokenMessage = "There was an error processing the identity token"
    private static let proofMessage = "The signature supplied in the request could not be verified"
    private static let timestampMessage = "Error generating timestamp response"
    private static let authorityMessage = "error communicating with CA backend"

    static let notFound = Refusal(status: .notFound, code: 5, message: "Not Found", reason: .notFound)
    static let wrongMethod = Refusal(
        status: .notImplemented,
        code: 12,
        message: "Method Not Allowed",
        reason: .wrongMethod
    )
    static let bodyUnparsable = caller("The request body could not be parsed", .bodyUnparsable)
    static let busy = Refusal(
        status: .serviceUnavailable,
        code: 14,
        message: "The server is busy, try again",
        reason: .busy,
        retryAfterSeconds: 1
    )
    static let bodyTooLarge = Refusal(
        status: .contentTooLarge,
        code: 3,
        message: "The request body is too large",
        reason: .bodyTooLarge
    )
    static let headerTooLarge = Refusal(
        status: .requestHeaderFieldsTooLarge,
        code: 3,
        message: "The request header is too large",
        reason: .headerTooLarge
    )
    static let requestMalformed = caller("The request is not valid HTTP", .httpMalformed)
    static let preconditionFailed = Refusal(
        status: .preconditionFailed,
        code: 9,
        message: "The document is another version",
        reason: .preconditionFailed
    )
    static let rangeNotSatisfiable = Refusal(
        status: .rangeNotSatisfiable,
        code: 11,
        message: "The range begins after the document's end",
        reason: .rangeInvalid
    )
    static let mediaTypeUnsupported = Refusal(
        status: .unsupportedMediaType,
        code: 3,
        message: "The content type must be application/timestamp-query or application/json",
        reason: .mediaTypeUnsupported
    )
    static let publicKeyUnparsable = caller(
        "The public key supplied in the request could not be parsed",
        .publicKeyUnparsable
    )
}

extension Refusal {
    static let entryIDInvalid = caller("An entry's name has 64 or 80 hexadecimal digits", .parameterInvalid)

    /// Rekor v1's answer to an entry that the log has.
    static func entryExists(_ id: EntryID) -> Refusal {
        Refusal(
            status: .conflict,
            code: 6,
            message: "an equivalent entry already exists in the transparency log with UUID \(id)",
            reason: .recordDuplicate
        )
    }

    /// The same with the HTTP status for a code, as Rekor v1 has it.
    var withStatusAsCode: Refusal {
        var refusal = self
        refusal.code = Int64(status.code)
        return refusal
    }
}

extension Refusal {
    /// What the authority's error means to the client.
    init(_ error: AuthorityError) {
        self = Self.refusal(of: error)
        retryAfterSeconds = error.retryAfterSeconds
        facts = Dictionary(error.facts.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func refusal(of error: AuthorityError) -> Refusal {
        switch error {
        case .identity(let identityError): refusal(of: identityError, error.reason)
        case .policy(.denied): Refusal(status: .forbidden, code: 7, message: tokenMessage, reason: error.reason)
        case .policy(.issuerLimited), .policy(.subjectLimited):
            Refusal(status: .tooManyRequests, code: 8, message: tokenMessage, reason: error.reason)
        case .audit: .later(authorityMessage, error.reason)
        case .issuance(let issuanceError): refusal(of: issuanceError, error.reason)
        case .log(.usedUp): .caller(tokenMessage, error.reason)
        case .log(.submissionRefused(let problem)): .caller("\(problem)", error.reason)
        // API-64: the log's trouble is ours, 503 when the client may try again and 500 when that won't help.
        case .log(let logError):
            logError.mayPass
                ? .later("Error entering certificate in CTL", error.reason)
                : .ours("Error entering certificate in CTL", error.reason)
        case .record(let recordError): refusal(of: recordError, error.reason)
        case .timestamping(let timestampingError): refusal(of: timestampingError, error.reason)
        case .busy: .busy
        case .configuration, .file, .key, .chain, .storage, .witness, .incomparable, .directoryInUse, .directoryUsed,
            .trust, .rotation:
            .ours(authorityMessage, error.reason)
        }
    }

    /// Rekor's statuses and codes, and its words where clients may know them.
    private static func refusal(of error: RecordLogError, _ reason: RefusalReason) -> Refusal {
        switch error {
        case .refused(let problem): .caller("\(problem)", reason)
        case .proposalRefused(let problem): .caller("error processing entry: \(problem)", reason)
        case .duplicate(let index):
            Refusal(
                status: .conflict,
                code: 6,
                message: "an equivalent entry already exists in the transparency log with index \(index)",
                reason: reason
            )
        case .log(.busy): .later("reached max pushback; retry", reason)
        case .log, .transparency:
            error.mayPass
                ? .later("The record log can't be written now", reason)
                : .ours("The record log can't be written", reason)
        }
    }

    /// API-63: every reason not to trust a token has one text.
    ///
    /// An ambiguous email or sub is one thing less: what the proof must be over can't be told, and Fulcio, which takes
    /// the last, finds the proof wrong.
    private static func refusal(of error: IdentityError, _ reason: RefusalReason) -> Refusal {
        if case .claimAmbiguous = error { return .caller(proofMessage, reason) }
        return .caller(tokenMessage, reason)
    }

    private static func refusal(of error: IssuanceError, _ reason: RefusalReason) -> Refusal {
        switch error {
        case .publicKeyUnparsable: .publicKeyUnparsable
        case .publicKeyWeak: .caller("The public key supplied in the request is insecure", reason)
        case .signingRequestUnparsable: .caller("The certificate signing request could not be parsed", reason)
        case .proofInvalid: .caller(proofMessage, reason)
        case .signatureAlgorithmUnrecognized(let name):
            .caller("unrecognized signature algorithm: \(name)", reason)
        case .signatureAlgorithmNotPermitted(let key, let digest):
            .caller(
                "signing algorithm not permitted: \(goName(of: key)), \(digest?.goName ?? "unknown hash")",
                reason
            )
        case .identityNotEncodable: .caller(tokenMessage, reason)
        case .lintFailed, .signerFailed, .authorityExpired: .ours(authorityMessage, reason)
        }
    }

    private static func refusal(of error: TimestampingError, _ reason: RefusalReason) -> Refusal {
        switch error {
        case .unparsable: .bodyUnparsable
        case .refused(.unacceptedPolicy):
            .caller("The requested TSA policy is not supported by the TSA", reason)
        case .refused(.badAlg): .caller("Weak or unknown hash algorithm in timestamp request", reason)
        case .refused(.badDataFormat):
            .caller("Message digest has incorrect length for specified algorithm", reason)
        case .refused(.badRequest), .refused(.unacceptedExtension): .caller(timestampMessage, reason)
        case .clockBehind: .later(timestampMessage, reason)
        case .expired, .notYetValid, .keyUnsupported, .policyInvalid, .key, .openSSL: .ours(timestampMessage, reason)
        }
    }

    /// The Go type that Fulcio prints.
    private static func goName(of key: KeyAlgorithm) -> String {
        switch key {
        case .p256, .p384, .p521: "*ecdsa.PublicKey"
        case .rsa: "*rsa.PublicKey"
        case .ed25519: "ed25519.PublicKey"
        }
    }
}
