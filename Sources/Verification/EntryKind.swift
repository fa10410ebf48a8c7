/// The kinds of entry of a record log.
public enum EntryKind: Sendable, Hashable, CaseIterable {
    /// Rekor v1: the digest of an artifact.
    case hashedRekordV001
    /// Rekor v1: a signed envelope, by its hashes.
    case dsseV001
    /// Rekor v1, of old: a signed envelope with its signatures.
    case intotoV002
    /// Rekor v2: a digest, an artifact's or that of what an envelope signs.
    case hashedRekordV002
    /// Rekor v2, of its first months: a signed envelope, by its payload's hash.
    case dsseV002

    /// The entry's `kind`.
    public var name: String {
        switch self {
        case .hashedRekordV001, .hashedRekordV002: "hashedrekord"
        case .dsseV001, .dsseV002: "dsse"
        case .intotoV002: "intoto"
        }
    }

    /// The entry's `apiVersion`.
    public var version: String {
        switch self {
        case .hashedRekordV001, .dsseV001: "0.0.1"
        case .intotoV002, .hashedRekordV002, .dsseV002: "0.0.2"
        }
    }

    /// Whether it is of a Rekor v2 log: no promise, no time, and its body can be made again from the bundle.
    public var isVersion2: Bool {
        switch self {
        case .hashedRekordV001, .dsseV001, .intotoV002: false
        case .hashedRekordV002, .dsseV002: true
        }
    }

    /// The kind with this name and version, if there is one.
    public init?(name: String, version: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name && $0.version == version }) else { return nil }
        self = kind
    }
}

extension EntryKind: CustomStringConvertible {
    /// `hashedrekord 0.0.2`
    public var description: String { "\(name) \(version)" }
}
