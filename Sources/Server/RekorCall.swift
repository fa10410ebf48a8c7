import RecordLog

/// The calls of Rekor v1.
enum RekorCall: Equatable, Sendable {
    /// POST: log an entry. GET: the entry at `logIndex`.
    case entries
    /// POST: several entries.
    case retrieveEntries
    /// GET: the entry of this name.
    case entry(EntryID)
    /// POST: the names of entries that are looked for.
    case retrieveIndex
    /// GET: the newest tree.
    case tree
    /// GET: the log's key.
    case publicKey
    /// GET: that one tree is a prefix of another.
    case proof

    /// The call at a path of the server; nil for every other path. Throws `.parameterInvalid` for an entry's name that is
    /// none.
    init?(path: Substring) throws(Refusal) {
        switch path {
        case "/api/v1/log/entries": self = .entries
        case "/api/v1/log/entries/retrieve": self = .retrieveEntries
        case "/api/v1/index/retrieve": self = .retrieveIndex
        case "/api/v1/log": self = .tree
        case "/api/v1/log/publicKey": self = .publicKey
        case "/api/v1/log/proof": self = .proof
        default:
            let prefix = "/api/v1/log/entries/"
            guard path.hasPrefix(prefix) else { return nil }
            guard let id = EntryID(text: path.dropFirst(prefix.count)) else { throw .entryIDInvalid }
            self = .entry(id)
        }
    }

    /// Its route in the metrics: never a part of the request.
    var route: String {
        switch self {
        case .entries: "/api/v1/log/entries"
        case .retrieveEntries: "/api/v1/log/entries/retrieve"
        case .entry: "/api/v1/log/entries/"
        case .retrieveIndex: "/api/v1/index/retrieve"
        case .tree: "/api/v1/log"
        case .publicKey: "/api/v1/log/publicKey"
        case .proof: "/api/v1/log/proof"
        }
    }
}
