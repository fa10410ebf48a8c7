public import Transparency

/// Recomputes a log's tree from its entries, from one proven tree to the next signed one.
///
/// Nothing is fetched here: `next` says which data tile is wanted, and `accept` takes its leaves. Memory is the right
/// edge of the tree.
///
/// ```
///           accept          accept, size == target        finish
/// (edge) ------------> ... ----------------------> next is nil -----> proven
///    |  tile's prefix is another, or root at `through` differs
///    +--> LogFault
/// ```
///
/// 1. `edge` holds exactly the leaves that were accepted; its root is never believed before `finish`.
/// 2. The tree of `through` has been passed with its signed root once `edge.size` is beyond it: the log is consistent.
public struct LogFollower: Sendable {
    /// The tree as far as it has been recomputed.
    public private(set) var edge: TreeEdge
    /// The tree to be reached.
    public let target: TreeHead
    private let through: TreeHead?

    /// What one data tile gave.
    public struct Step: Sendable {
        /// The entries that are new, in order.
        public let entries: [LoggedEntry]
        /// The hash tiles that can grow no more, or are the target's last: those that the log must serve.
        public let tiles: [Tile]
    }

    /// Continues from `edge`, which has been compared with a signed root (or is empty); `through` is a tree that was
    /// signed before and must lie on the way. Throws `.shrunk`, `.forked` and `.timeWentBack`.
    public init(from edge: TreeEdge, through: TreeHead?, to target: TreeHead) throws(LogFault) {
        if let through {
            guard through.size <= target.size else { throw .shrunk(from: through.size, to: target.size) }
            guard through.size < target.size || through.root == target.root else { throw .forked(size: target.size) }
            guard through.timestamp <= target.timestamp else { throw .timeWentBack(size: target.size) }
        }
        guard edge.size <= target.size else { throw .shrunk(from: edge.size, to: target.size) }
        self.edge = edge
        self.through = through
        self.target = target
    }

    /// The data tile that is wanted next; nil when the tree is complete.
    public var next: TileID? { TileID(holding: LeafIndex(after: edge.size), in: target.size) }

    /// The data tile that will be wanted after the next one.
    public var nextButOne: TileID? {
        next.flatMap { TileID(level: 0, index: $0.index + 1, in: target.size) }
    }

    /// Takes the leaves of the tile `next`. Throws `.malformed`, `.tileContradictsEntries` when entries that were
    /// proven before are others now, and `.inconsistent`.
    public mutating func accept(_ leaves: [TileLeaf]) throws(LogFault) -> Step {
        guard let id = next else { return Step(entries: [], tiles: []) }
        guard leaves.count == id.width else { throw .malformed(path: "tile/\(id.dataPath)") }
        let first = LeafIndex(id.index << 8)
        var entries: [LoggedEntry] = []
        entries.reserveCapacity(leaves.count)
        for (position, leaf) in leaves.enumerated() {
            guard let index = first.advanced(by: position), let bytes = try? leaf.timestamped.merkleTreeLeaf() else {
                throw .malformed(path: "tile/\(id.dataPath)")
            }
            entries.append(LoggedEntry(index: index, leaf: leaf, hash: MerkleTree.leafHash(bytes)))
        }
        // A tile holds 256 leaves at most, and `edge` ends in this one.
        let known = Int(edge.size.value - first.value)
        let tiles = try append(entries.dropFirst(known).map(\.hash))
        if let bottom = tiles.first(where: { $0.id.level == 0 }) {
            guard entries.map(\.hash) == (0..<entries.count).map({ bottom.hash(at: $0) }) else {
                throw .tileContradictsEntries(id)
            }
        }
        return Step(
            entries: Array(entries.dropFirst(known)),
            tiles: tiles.filter { $0.id.isFull || edge.size == target.size }
        )
    }

    /// Appends, and compares with the signed root on the way.
    private mutating func append(_ hashes: [MerkleHash]) throws(LogFault) -> [Tile] {
        guard let through, through.size > edge.size,
            case let before = through.size.value - edge.size.value, before <= UInt64(hashes.count)
        else { return try appendAll(hashes) }
        let early = try appendAll(Array(hashes.prefix(Int(before))))
        guard edge.root == through.root else { throw .inconsistent(from: through.size, to: target.size) }
        let late = try appendAll(Array(hashes.dropFirst(Int(before))))
        // Those that have grown since count.
        return early.filter { tile in
            !late.contains { $0.id.level == tile.id.level && $0.id.index == tile.id.index }
        } + late
    }

    private mutating func appendAll(_ hashes: [MerkleHash]) throws(LogFault) -> [Tile] {
        do { return try edge.append(hashes) } catch { throw .entriesContradictRoot(size: target.size) }
    }

    /// Compares the recomputed root with the signed one. Throws `.entriesContradictRoot`.
    public func finish() throws(LogFault) {
        guard edge.size == target.size, edge.root == target.root else {
            throw .entriesContradictRoot(size: target.size)
        }
    }
}
