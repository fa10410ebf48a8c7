/// Why a signature isn't verified: which step of the verification ended it, and its reason.
public enum VerificationError: Error, Equatable, Sendable {
    /// The bundle can't be read; nothing has been verified.
    case bundle(BundleProblem)
    /// The trusted root can't be read; nothing has been verified.
    case trustedRoot(TrustedRootProblem)
    /// Step A, the record log.
    case log(LogProblem)
    /// Step B, the time of signing.
    case time(TimeProblem)
    /// Step C, the certificate's path.
    case certificate(CertificateProblem)
    /// Step D, the certificate log's promise.
    case promise(PromiseProblem)
    /// Step E, who signed.
    case identity(IdentityProblem)
    /// Step F, the signature.
    case signature(SignatureProblem)
    /// Step G, what the signed statement says.
    case statement(StatementProblem)

    /// The step that ended the verification; nil when there was nothing to begin with.
    public var step: VerificationStep? {
        switch self {
        case .bundle, .trustedRoot: nil
        case .log: .log
        case .time: .time
        case .certificate: .certificate
        case .promise: .promise
        case .identity: .identity
        case .signature: .signature
        case .statement: .statement
        }
    }

    /// The reason without the step. It may hold what was received: for a terminal it must be escaped.
    public var reason: String {
        switch self {
        case .bundle(let problem): "\(problem)"
        case .trustedRoot(let problem): "\(problem)"
        case .log(let problem): "\(problem)"
        case .time(let problem): "\(problem)"
        case .certificate(let problem): "\(problem)"
        case .promise(let problem): "\(problem)"
        case .identity(let problem): "\(problem)"
        case .signature(let problem): "\(problem)"
        case .statement(let problem): "\(problem)"
        }
    }
}

extension VerificationError: CustomStringConvertible {
    /// One line: what couldn't be done, and why.
    public var description: String {
        switch self {
        case .bundle: "couldn't read the bundle: \(reason)"
        case .trustedRoot: "couldn't read the trusted root: \(reason)"
        case .log, .time, .certificate, .promise, .identity, .signature, .statement:
            "couldn't verify the \(step?.name ?? ""): \(reason)"
        }
    }
}
