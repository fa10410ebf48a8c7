public import Keys

/// A log that is trusted: a record log or a certificate log (`TransparencyLogInstance` of `sigstore_trustroot.proto`).
public struct TrustedLog: Sendable, Equatable {
    /// Where it is, or was; its host is the origin of a Rekor v2 log's checkpoints.
    public let baseURL: String
    /// How entries and promises name it.
    public let id: [UInt8]
    /// Its key.
    public let key: PublicKey
    /// When it was in use; it has a start.
    public let window: ValidityWindow

    /// Puts the parts together.
    public init(baseURL: String, id: [UInt8], key: PublicKey, window: ValidityWindow) {
        self.baseURL = baseURL
        self.id = id
        self.key = key
        self.window = window
    }

    /// The host of ``baseURL``, without scheme, user, port and path, an IPv6 address without brackets; empty if there is
    /// none.
    var host: String {
        guard let scheme = baseURL.firstRange(of: "://") else { return "" }
        let authority = baseURL[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if place.first == "[" { return String(place.dropFirst().prefix { $0 != "]" }) }
        return String(place.prefix { $0 != ":" })
    }
}
