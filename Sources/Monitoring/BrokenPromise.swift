public import Transparency

/// Why a log's promise inside a certificate isn't kept, or isn't one.
public enum BrokenPromise: Error, Equatable, Sendable {
    /// The certificate has no timestamp by this log.
    case noTimestamp
    /// The timestamp isn't signed by the log, or is for another certificate.
    case signatureInvalid
    /// The timestamp names no place (static-ct-api, "SCT Extension").
    case noPlace
    /// The place is beyond the end of the log.
    case beyondEnd(LeafIndex)
    /// The log has something else at the place.
    case notIncluded(LeafIndex)
}

extension BrokenPromise: CustomStringConvertible {
    /// A sentence.
    public var description: String {
        switch self {
        case .noTimestamp: "the certificate has no timestamp by this log"
        case .signatureInvalid: "the timestamp isn't signed by this log for this certificate"
        case .noPlace: "the timestamp names no place in the log"
        case .beyondEnd(let index): "entry \(index) was promised, and the log ends before it"
        case .notIncluded(let index): "entry \(index) was promised, and the log has another one there"
        }
    }
}
