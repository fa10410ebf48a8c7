public import Transparency

/// What is wrong with a stored log.
public enum LogDamage: Error, Equatable, Sendable {
    /// The store has no head: no log was created in it, or the head was lost.
    case headMissing
    /// The head's row is not readable.
    case headUnreadable
    /// The stored checkpoint is not signed by this log's key, or is no checkpoint.
    case checkpointInvalid
    /// The stored head's size, root or time is not what its signed checkpoint says.
    case headContradictsCheckpoint
    /// The head went back to a smaller tree.
    case headWentBack(from: TreeSize, to: TreeSize)
    /// There is another tree of this size with a signed head.
    case forked(at: TreeSize)
    /// A hash tile's row is not readable.
    case tileUnreadable(TileID)
    /// A hash tile is missing or too short.
    case tileMissing(TileID)
    /// A hash tile doesn't hold the hashes of what lies below it.
    case tileContradictsEntries(TileID)
    /// The hash tiles at the right edge don't lead to the signed root.
    case rootMismatch(size: TreeSize)
    /// An entry is missing.
    case entryMissing(LeafIndex)
    /// An entry lies beyond the signed head.
    case entryBeyondHead(LeafIndex)
    /// An entry's row is not readable.
    case entryUnreadable(LeafIndex)
    /// An entry's leaf is not the one that its leaf hash or the tree says.
    case entryChanged(LeafIndex)
    /// An entry is earlier than the one before it, or later than the head.
    case timestampOutOfOrder(LeafIndex)
    /// The index of leaf hashes doesn't lead to the entry.
    case leafHashIndexWrong(LeafIndex)
    /// The record of a decision is not readable.
    case recordUnreadable
    /// The count of a token's uses is not readable.
    case useCountUnreadable
}

extension LogDamage: CustomStringConvertible {
    /// A clause for operators that names the row or tile.
    public var description: String {
        switch self {
        case .headMissing: "the head is missing"
        case .headUnreadable: "the head is not readable"
        case .checkpointInvalid: "the head's checkpoint is not signed by this log's key"
        case .headContradictsCheckpoint: "the head is not what its signed checkpoint says"
        case .headWentBack(let from, let to): "the head went back from size \(from) to size \(to)"
        case .forked(let size): "there are two trees of size \(size)"
        case .tileUnreadable(let tile): "hash tile \(tile.path) is not readable"
        case .tileMissing(let tile): "hash tile \(tile.path) is missing or too short"
        case .tileContradictsEntries(let tile): "hash tile \(tile.path) is not made of the hashes below it"
        case .rootMismatch(let size): "the hash tiles don't lead to the signed root of size \(size)"
        case .entryMissing(let index): "entry \(index) is missing"
        case .entryBeyondHead(let index): "entry \(index) lies beyond the signed head"
        case .entryUnreadable(let index): "entry \(index) is not readable"
        case .entryChanged(let index): "entry \(index) has been changed"
        case .timestampOutOfOrder(let index): "the time of entry \(index) is out of order"
        case .leafHashIndexWrong(let index): "the index of leaf hashes doesn't lead to entry \(index)"
        case .recordUnreadable: "the record of a decision is not readable"
        case .useCountUnreadable: "the count of a token's uses is not readable"
        }
    }
}
