/// Why nobody who is trusted says when a signature was made (step B).
public enum TimeProblem: Error, Equatable, Sendable {
    /// There is neither a log's promise nor a timestamp.
    case noSource
    /// There are timestamps, and none is by an authority in the trusted root; the last one's reason.
    case authorityUnknown(reason: String)
    /// A timestamp isn't an RFC 3161 response or token.
    case malformed
    /// The authority answered that it gives no timestamp; the number is its PKIStatus.
    case notGranted(status: Int)
    /// A timestamp is over a digest that isn't SHA-256, SHA-384 or SHA-512.
    case digestUnsupported
    /// A timestamp is of something else than this signature.
    case imprintMismatch
    /// The timestamp names a certificate of the authority as its signer's, whose key didn't sign it.
    case signatureInvalid(uri: String)
    /// The timestamp is signed by another certificate of the authority than the one in the trusted root.
    case signerMismatch
    /// The timestamp is of a time when the authority was not in use.
    case outsideWindow(uri: String)
    /// The authority's certificates in the trusted root end with one that is no CA.
    case anchorMissing(uri: String)
}

extension TimeProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .noSource: "the bundle has neither a timestamp nor a log's promise"
        case .authorityUnknown(let reason): "no timestamp is by an authority in the trusted root (\(reason))"
        case .malformed: "a timestamp can't be read"
        case .notGranted(let status): "the timestamp authority gave none: status \(status)"
        case .digestUnsupported: "a timestamp is over a digest other than SHA-256, SHA-384 and SHA-512"
        case .imprintMismatch: "a timestamp is of something else than this signature"
        case .signatureInvalid(let uri): "a timestamp's signature isn't by \(uri), whose it says to be"
        case .signerMismatch: "a timestamp is signed by another certificate than the one in the trusted root"
        case .outsideWindow(let uri): "a timestamp is of a time when \(uri) wasn't in use"
        case .anchorMissing(let uri): "the certificates of \(uri) in the trusted root end with one that is no CA"
        }
    }
}
