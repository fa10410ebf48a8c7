/// Which stored hashes a proof needs, decided before anything is read: `tiles` says what to read, each tile once, and
/// `hashes(from:)` computes the proof from what was read. So the store may be asynchronous and the arithmetic is pure.
public struct ProofPlan: Sendable, Equatable {
    /// The tiles to read, each once. A wider tile of the same place serves as well, under the name given here.
    public let tiles: [TileID]
    private let nodes: [[TileRun]]

    /// A run of hashes in one tile whose Merkle Tree Hash is a perfect subtree's root.
    private struct TileRun: Equatable {
        let tile: TileID
        let range: Range<Int>
    }

    /// The path from an entry to the root: PATH(m, D[n]) of RFC 6962 §2.1.1, lowest hash first.
    /// Throws `.indexOutsideTree`.
    public static func inclusion(of index: LeafIndex, in size: TreeSize) throws(TransparencyError) -> ProofPlan {
        guard size.contains(index) else { throw .indexOutsideTree(index: index, size: size) }
        var nodes: [Range<UInt64>] = []
        var tree = 0..<size.value
        while let middle = tree.splitPoint {
            if index.value < middle {
                nodes.append(middle..<tree.upperBound)
                tree = tree.lowerBound..<middle
            } else {
                nodes.append(tree.lowerBound..<middle)
                tree = middle..<tree.upperBound
            }
        }
        return ProofPlan(nodes: nodes.reversed(), size: size)
    }

    /// The proof that the tree of size `from` is a prefix of the tree of size `to`: PROOF(m, D[n]) of
    /// RFC 6962 §2.1.2, lowest hash first; no hash when the sizes are equal or `from` is empty.
    /// Throws `.treeShrinks`.
    public static func consistency(from: TreeSize, to: TreeSize) throws(TransparencyError) -> ProofPlan {
        guard from <= to else { throw .treeShrinks(from: from, to: to) }
        guard from > .empty else { return ProofPlan(nodes: [], size: to) }
        var nodes: [Range<UInt64>] = []
        var tree = 0..<to.value
        while tree.upperBound != from.value, let middle = tree.splitPoint {
            if from.value <= middle {
                nodes.append(middle..<tree.upperBound)
                tree = tree.lowerBound..<middle
            } else {
                nodes.append(tree.lowerBound..<middle)
                tree = middle..<tree.upperBound
            }
        }
        // Whoever checks knows the old root already when the old tree is this whole left subtree.
        if tree.lowerBound > 0 {
            nodes.append(tree)
        }
        return ProofPlan(nodes: nodes.reversed(), size: to)
    }

    /// The root of the tree of size `size`, as the only hash; no hash for the empty tree.
    public static func root(of size: TreeSize) -> ProofPlan {
        ProofPlan(nodes: size > .empty ? [0..<size.value] : [], size: size)
    }

    private init(nodes ranges: [Range<UInt64>], size: TreeSize) {
        var tiles: [TileID] = []
        var known: Set<TileID> = []
        nodes = ranges.map { range in
            range.perfectSubtrees.compactMap { subtree in
                guard let run = ProofPlan.run(of: subtree, in: size) else { return nil }
                if known.insert(run.tile).inserted { tiles.append(run.tile) }
                return run
            }
        }
        self.tiles = tiles
    }

    /// A subtree 8 L + h high is 2^h neighbouring hashes in a tile of level L.
    private static func run(of subtree: PerfectSubtree, in size: TreeSize) -> TileRun? {
        let first = subtree.index << UInt64(subtree.height % 8)
        let start = Int(first & 0xFF)
        guard let tile = TileID(level: subtree.height / 8, index: first >> 8, in: size) else { return nil }
        return TileRun(tile: tile, range: start..<start + (1 << (subtree.height % 8)))
    }

    /// The proof's hashes, from the bytes of the planned tiles. Throws `.tileMissing` when one was not given or is
    /// shorter than its name says.
    public func hashes(from bytes: [TileID: [UInt8]]) throws(TransparencyError) -> [MerkleHash] {
        var read: [TileID: Tile] = [:]
        for id in tiles {
            guard let content = bytes[id] else { throw .tileMissing(id) }
            read[id] = try Tile(id: id, bytes: content)
        }
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(nodes.count)
        for runs in nodes {
            var node: MerkleHash?
            for run in runs.reversed() {
                guard let subtree = read[run.tile]?.root(over: run.range) else { throw .tileMissing(run.tile) }
                node = node.map { MerkleTree.nodeHash(subtree, $0) } ?? subtree
            }
            hashes.append(node ?? MerkleTree.emptyRoot)
        }
        return hashes
    }
}

/// The leaves from `index << height` on, 2^height of them.
struct PerfectSubtree: Equatable {
    let height: Int
    let index: UInt64
}

extension Range<UInt64> {
    /// Where RFC 6962 §2.1 divides a tree over these leaves: after the largest power of two smaller than their
    /// number; nil for a single leaf.
    fileprivate var splitPoint: UInt64? {
        let count = upperBound - lowerBound
        guard count > 1 else { return nil }
        return lowerBound + (1 << UInt64(63 - (count - 1).leadingZeroBitCount))
    }

    /// The perfect subtrees that make up a node of a tree, left to right and ever smaller.
    fileprivate var perfectSubtrees: [PerfectSubtree] {
        var subtrees: [PerfectSubtree] = []
        var start = lowerBound
        while start < upperBound {
            let height = Swift.min(start.trailingZeroBitCount, 63 - (upperBound - start).leadingZeroBitCount)
            subtrees.append(PerfectSubtree(height: height, index: start >> UInt64(height)))
            start += 1 << UInt64(height)
        }
        return subtrees
    }
}
