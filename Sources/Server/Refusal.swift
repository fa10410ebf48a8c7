import Authority
import CertificateLog
import HTTPTypes
import Identity
import Issuance
import Keys
import Wire

/// What a client is told when it doesn't get what it asked for: the one page where errors become HTTP (API-61…68).
///
/// A client hears what it can mend and nothing else: no internal text, no path, no token.
struct Refusal: Error, Equatable, Sendable {
    /// The HTTP status.
    let status: HTTPResponse.Status
    /// The gRPC code that Fulcio's clients know (API-62).
    let code: Int64
    /// The sentence.
    let message: String
    /// A short name of the reason, for metrics and logs.
    let reason: String
    /// When to come back, in seconds, for 503.
    let retryAfterSeconds: Int?

    /// States a refusal.
    init(
        status: HTTPResponse.Status,
        code: Int64,
        message: String,
        reason: String,
        retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason
        self.retryAfterSeconds = retryAfterSeconds
    }

    private static func caller(_ message: String, _ reason: String) -> Refusal {
        Refusal(status: .badRequest, code: 3, message: message, reason: reason)
    }

    private static func ours(_ message: String, _ reason: String) -> Refusal {
        Refusal(status: .internalServerError, code: 13, message: message, reason: reason)
    }

    private static func later(_ message: String, _ reason: String) -> Refusal {
        Refusal(status: .serviceUnavailable, code: 14, message: message, reason: reason, retryAfterSeconds: 1)
    }

    static let notFound = Refusal(status: .notFound, code: 5, message: "Not Found", reason: "not_found")
    static let wrongMethod = Refusal(
        status: .notImplemented,
        code: 12,
        message: "Method Not Allowed",
        reason: "wrong_method"
    )
    static let bodyUnparsable = caller("The request body could not be parsed", "body_unparsable")
    static let bodyTooLarge = Refusal(
        status: .contentTooLarge,
        code: 3,
        message: "The request body is too large",
        reason: "body_too_large"
    )
    static let headerTooLarge = Refusal(
        status: .requestHeaderFieldsTooLarge,
        code: 3,
        message: "The request header is too large",
        reason: "header_too_large"
    )
    static let requestMalformed = caller("The request is not valid HTTP", "http_malformed")
    static let publicKeyUnparsable = caller(
        "The public key supplied in the request could not be parsed",
        "public_key_unparsable"
    )
    static let responseFailed = ours("Error marshaling code signing certificate", "response_failed")

    /// What the authority's error means to the client.
    init(_ error: AuthorityError) {
        switch error {
        case .identity(let error): self = Self.refusal(of: error)
        case .issuance(let error): self = Self.refusal(of: error)
        case .log(let error): self = Self.refusal(of: error)
        case .busy: self = .later("The server is busy, try again", "busy")
        case .configuration, .file, .key, .chain, .storage, .directoryInUse, .directoryUsed:
            self = .ours("error communicating with CA backend", "authority_failed")
        }
    }

    /// API-63: every reason not to trust a token has one text. `reason` tells operators which it was.
    ///
    /// An ambiguous email or sub is one thing less: what the proof must be over can't be told, and Fulcio, which takes
    /// the last, finds the proof wrong.
    private static func refusal(of error: IdentityError) -> Refusal {
        if case .claimAmbiguous = error {
            return .caller("The signature supplied in the request could not be verified", error.reason)
        }
        return .caller("There was an error processing the identity token", error.reason)
    }

    private static func refusal(of error: IssuanceError) -> Refusal {
        switch error {
        case .publicKeyUnparsable: .publicKeyUnparsable
        case .publicKeyWeak: .caller("The public key supplied in the request is insecure", "public_key_weak")
        case .signingRequestUnparsable:
            .caller("The certificate signing request could not be parsed", "signing_request_unparsable")
        case .proofInvalid:
            .caller("The signature supplied in the request could not be verified", "proof_invalid")
        case .signatureAlgorithmUnrecognized(let name):
            .caller("unrecognized signature algorithm: \(name)", "signature_algorithm_unrecognized")
        case .signatureAlgorithmNotPermitted(let key, let digest):
            .caller(
                "signing algorithm not permitted: \(goName(of: key)), \(digest?.goName ?? "unknown hash")",
                "signature_algorithm_not_permitted"
            )
        case .identityNotEncodable:
            .caller("There was an error processing the identity token", "identity_not_encodable")
        case .lintFailed: .ours("error communicating with CA backend", "lint_failed")
        case .signerFailed: .ours("error communicating with CA backend", "signer_failed")
        case .authorityExpired: .ours("error communicating with CA backend", "authority_expired")
        }
    }

    /// API-64: the log's trouble is ours, 503 when the client may try again and 500 when that won't help.
    private static func refusal(of error: CertificateLogError) -> Refusal {
        error.mayPass
            ? .later("Error entering certificate in CTL", "log_busy")
            : .ours("Error entering certificate in CTL", "log_failed")
    }

    /// The Go type that Fulcio prints.
    private static func goName(of key: KeyAlgorithm) -> String {
        switch key {
        case .p256, .p384, .p521: "*ecdsa.PublicKey"
        case .rsa: "*rsa.PublicKey"
        case .ed25519: "ed25519.PublicKey"
        }
    }

    /// The body (API-61).
    var body: [UInt8] {
        JSONText.object([("code", .integer(code)), ("message", .string(message)), ("details", .array([]))]).encoded()
    }
}
