/// The versions of Sigstore's bundle that are read here.
public enum BundleVersion: Sendable, Hashable, Comparable {
    /// 0.1: a certificate chain, and the log's promises.
    case v01
    /// 0.2: a certificate chain, and proofs of inclusion with checkpoints.
    case v02
    /// 0.3: one certificate, and proofs of inclusion with checkpoints.
    case v03

    /// What is written.
    public static let newestMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// The version that a media type names; nil for all others, 0.4 and later among them.
    init?(mediaType: String) {
        switch mediaType {
        case "application/vnd.dev.sigstore.bundle+json;version=0.1": self = .v01
        case "application/vnd.dev.sigstore.bundle+json;version=0.2": self = .v02
        case "application/vnd.dev.sigstore.bundle+json;version=0.3", Self.newestMediaType: self = .v03
        default: return nil
        }
    }
}

extension BundleVersion: CustomStringConvertible {
    /// `0.3`
    public var description: String {
        switch self {
        case .v01: "0.1"
        case .v02: "0.2"
        case .v03: "0.3"
        }
    }
}
