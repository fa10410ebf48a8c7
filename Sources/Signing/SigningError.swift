public import Fetching
public import Keys
public import Verification
public import Wire

/// Why nothing was signed. No case holds the token.
public enum SigningError: Error, Equatable, Sendable {
    /// The token isn't a JWT that names somebody.
    case tokenUnreadable
    /// The configuration isn't one; the fault says where.
    case configuration(ProtoFault)
    /// The configuration is of another kind or version than is known here.
    case configurationUnknown(String)
    /// The configuration has no service of this kind that is in use now and speaks the version that is spoken here.
    case serviceMissing(SigningService)
    /// The service couldn't be reached.
    case unreachable(SigningService, url: String, FetchError)
    /// The service refused, and said why.
    case refused(SigningService, status: Int, message: String)
    /// The service's answer isn't what one of its kind sends.
    case answerUnreadable(SigningService)
    /// The certificate is for another key.
    case otherKey
    /// The statement to be signed isn't one, or has no subject with a digest that is known here.
    case statement(StatementProblem)
    /// The key couldn't be made or used.
    case key(KeysError)
    /// All was signed, and doesn't verify: the services and the trusted root don't belong together, or one of them errs.
    case verification(VerificationError)
}

extension SigningError: CustomStringConvertible {
    /// One line. It may hold what was received: for a terminal it must be escaped.
    public var description: String {
        switch self {
        case .tokenUnreadable: "couldn't read the token: it isn't a JWT with an email or a sub"
        case .configuration(let fault): "couldn't read the signing configuration: \(fault)"
        case .configurationUnknown(let type): "couldn't read the signing configuration: the media type is \"\(type)\""
        case .serviceMissing(let service):
            "couldn't find a \(service.name) in the signing configuration that is in use and speaks version \(service.version)"
        case .unreachable(let service, let url, let error): "couldn't reach the \(service.name) \(url): \(error)"
        case .refused(let service, let status, let message): "the \(service.name) refused (\(status)): \(message)"
        case .answerUnreadable(let service): "couldn't read the \(service.name)'s answer"
        case .otherKey: "the certificate authority's certificate is for another key"
        case .statement(let problem): "couldn't sign the statement: \(problem)"
        case .key(let error): "couldn't use the key: \(error)"
        case .verification(let error): "the signature that was made doesn't verify: \(error)"
        }
    }
}
