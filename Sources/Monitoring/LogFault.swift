public import Transparency

/// What can be wrong with a log as a whole. Each is the log's doing, or that of whoever serves it: never the network's.
public enum LogFault: Error, Equatable, Sendable {
    /// The checkpoint isn't one, or isn't signed by the expected key under the expected name.
    case checkpointInvalid(TransparencyError)
    /// The log has fewer entries than it had signed for.
    case shrunk(from: TreeSize, to: TreeSize)
    /// Two trees of one size are signed: the proof of a fork.
    case forked(size: TreeSize)
    /// The signed tree isn't an extension of the one that was seen before, as far as the log can show.
    case inconsistent(from: TreeSize, to: TreeSize)
    /// The signed tree extends the earlier one, but the entries that are served don't lead to its root.
    case entriesContradictRoot(size: TreeSize)
    /// A later checkpoint is dated before an earlier one.
    case timeWentBack(size: TreeSize)
    /// A tile holds other hashes than the entries give.
    case tileContradictsEntries(TileID)
    /// The database's columns beside an entry say something else than the entry; only for our own data directory.
    case columnsContradictEntry(LeafIndex)
    /// The database holds what no sound log's does, in the words of the room that reads it; only for our own data
    /// directory.
    case storeDamaged(String)
    /// A document that the signed tree needs isn't served.
    case missing(path: String)
    /// A document doesn't have the form that its specification gives it.
    case malformed(path: String)
    /// A document is larger than any that a sound log has.
    case tooLarge(path: String, bytesMax: Int)
}

extension LogFault: CustomStringConvertible {
    /// A sentence without anything that the log could choose.
    public var description: String {
        switch self {
        case .checkpointInvalid(let error): "the checkpoint can't be accepted: \(error)"
        case .shrunk(let from, let to): "the log shrank: \(from) entries were signed before, now \(to)"
        case .forked(let size): "the log forked: two trees of \(size) entries are signed"
        case .inconsistent(let from, let to): "the tree of \(to) entries doesn't extend the one of \(from) seen before"
        case .entriesContradictRoot(let size): "the entries don't lead to the signed root of \(size) entries"
        case .timeWentBack(let size): "the checkpoint of \(size) entries is dated before an earlier one"
        case .tileContradictsEntries(let id): "tile \(id.path) doesn't hold the hashes of the entries"
        case .columnsContradictEntry(let index): "the columns of entry \(index) in the database aren't the entry's"
        case .storeDamaged(let damage): "the database is damaged: \(damage)"
        case .missing(let path): "\(path) isn't there, though the signed tree needs it"
        case .malformed(let path): "\(path) can't be read"
        case .tooLarge(let path, let bytesMax): "\(path) has more than \(bytesMax) bytes"
        }
    }
}

extension LogFault {
    /// The kind of alert that it makes.
    public var kind: AlertKind {
        switch self {
        case .checkpointInvalid: .checkpointInvalid
        case .shrunk: .logShrunk
        case .forked: .logForked
        case .inconsistent: .logInconsistent
        case .entriesContradictRoot, .tileContradictsEntries, .columnsContradictEntry: .tilesWrong
        case .timeWentBack: .timeWentBack
        case .missing, .malformed, .tooLarge, .storeDamaged: .documentUnusable
        }
    }
}
