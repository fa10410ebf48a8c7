public import Keys

/// Why there is no timestamp.
public enum TimestampingError: Error, Equatable, Sendable {
    /// The request can't be read.
    case unparsable
    /// The request can be read, and isn't one that gets a timestamp.
    case refused(TimestampFailure)
    /// A certificate of the timestamp authority's chain has expired.
    case expired
    /// A certificate of the timestamp authority's chain isn't valid yet: the clock is wrong, or was when it was made.
    case notYetValid
    /// The clock is this many seconds behind the newest entry of the certificate log, more than it may be.
    case clockBehind(seconds: Int64)
    /// The key is of a kind whose timestamps clients can't verify.
    case keyUnsupported(KeyAlgorithm)
    /// The text isn't an object identifier.
    case policyInvalid
    /// The key couldn't be used.
    case key(KeysError)
    /// OpenSSL refused an operation that should not fail.
    case openSSL(operation: String, reasons: [String])
}

extension TimestampingError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .unparsable: "couldn't read the timestamp request"
        case .refused(let failure): "couldn't timestamp: \(failure.text)"
        case .expired: "couldn't timestamp: a certificate of the timestamp authority has expired"
        case .notYetValid: "couldn't timestamp: a certificate of the timestamp authority isn't valid yet"
        case .clockBehind(let seconds):
            "couldn't timestamp: the clock is \(seconds) seconds behind the certificate log's last entry"
        case .keyUnsupported:
            "couldn't use an Ed25519 key for timestamps: sigstore-python and OpenSSL can't verify them; use P-256"
        case .policyInvalid: "couldn't read the policy: it must be an object identifier such as 1.3.6.1.4.1.57264.2"
        case .key(let error): "couldn't sign a timestamp: \(error)"
        case .openSSL(let operation, let reasons): "couldn't \(operation): \(reasons.joined(separator: ", "))"
        }
    }
}
