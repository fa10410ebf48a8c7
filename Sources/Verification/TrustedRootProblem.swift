public import Wire

/// Why bytes aren't a trusted root that can be used. A part of it that can't be used makes the whole unusable: what a
/// verifier believes must not depend on which parts it could read.
public enum TrustedRootProblem: Error, Equatable, Sendable {
    /// It isn't the message; the fault says where.
    case malformed(ProtoFault)
    /// Its media type is not that of a trusted root 0.1, the only one that clients take.
    case unsupportedVersion(String)
    /// A log's key can't be read, is weak, or isn't of the kind that it is said to be; the path says which.
    case keyUnusable(path: String)
    /// A log hashes with something other than SHA-256.
    case hashUnsupported(path: String)
    /// A log's key ID is missing.
    case logIDMissing(path: String)
    /// A log's key has no first moment of validity.
    case startMissing(path: String)
    /// Two logs have one key ID.
    case logRepeated(path: String)
    /// An authority has no certificates, or one that can't be read.
    case chainUnusable(path: String)
}

extension TrustedRootProblem: CustomStringConvertible {
    /// One line. It may hold what was received: for a terminal it must be escaped.
    public var description: String {
        switch self {
        case .malformed(let fault): "\(fault)"
        case .unsupportedVersion(let type): "the media type \"\(type)\" isn't \"\(TrustedRoot.mediaType)\""
        case .keyUnusable(let path): "\(path): the key can't be used: unreadable, weak, or not of the kind named"
        case .hashUnsupported(let path): "\(path): the log doesn't hash with SHA2_256"
        case .logIDMissing(let path): "\(path): the key ID is missing"
        case .startMissing(let path): "\(path): publicKey.validFor.start is missing"
        case .logRepeated(let path): "\(path): another log has the same key ID"
        case .chainUnusable(let path): "\(path): no certificates, or one that can't be read"
        }
    }
}
