/// The three services that a signature needs.
public enum SigningService: Sendable, Hashable, CaseIterable {
    /// The certificate authority, Fulcio's `POST /api/v2/signingCert`.
    case authority
    /// The timestamp authority, RFC 3161.
    case timestamps
    /// The record log, Rekor's `POST /api/v2/log/entries`.
    case log

    /// What it is called.
    public var name: String {
        switch self {
        case .authority: "certificate authority"
        case .timestamps: "timestamp authority"
        case .log: "record log"
        }
    }

    /// The version of its API that is spoken here, `majorApiVersion` in a signing configuration.
    var version: Int64 {
        switch self {
        case .authority, .timestamps: 1
        case .log: 2
        }
    }
}
