import Transparency

extension LogTip {
    /// Returns when the entries of the last level-0 tile are in the tree, and nothing lies beyond it but what another
    /// writer has added since. Throws `.damaged` and what reading throws.
    func checkLastEntries(in store: any LogReads, merkleLeaf: MerkleLeafReader) throws(LogStoreError) {
        guard let last = size.lastIndex, let id = TileID(holding: last, in: size) else {
            if try !store.entries(from: LeafIndex(0), count: 1).isEmpty { try checkHasGrown(in: store) }
            return
        }
        guard let tile = try store.tile(id) else { throw .damaged(.tileMissing(id)) }
        let first = LeafIndex(id.index << 8)
        // One more than there should be.
        var entries = try store.entries(from: first, count: id.width + 1)
        if entries.count > id.width {
            try checkHasGrown(in: store)
            entries.removeLast()
        }
        var checker = EntryChecker(next: first, latest: head.tree.timestamp)
        for (position, entry) in entries.enumerated() {
            let hash = try checker.check(entry, merkleLeaf: merkleLeaf)
            guard hash == tile.hash(at: position) else { throw .damaged(.entryChanged(entry.index)) }
        }
        guard entries.count == id.width else { throw .damaged(.entryMissing(checker.next)) }
        // The path of the last leaf takes in every hash of its tile and the right edge above it.
        guard let hash = tile.hash(at: id.width - 1), let plan = try? ProofPlan.inclusion(of: last, in: size) else {
            throw .damaged(.tileMissing(id))
        }
        let proof = InclusionProof(index: last, size: size, path: try store.hashes(of: plan))
        guard (try? proof.verify(leafHash: hash, root: head.tree.root)) != nil else {
            throw .damaged(.rootMismatch(size: size))
        }
    }

    /// Entries beyond the head that was read are another writer's, if they came with another head.
    private func checkHasGrown(in store: any LogReads) throws(LogStoreError) {
        guard try store.existingHead() != head else { throw .damaged(.entryBeyondHead(LeafIndex(after: size))) }
    }
}

/// Checks entries one after the other: no gap, no change, time in order.
struct EntryChecker {
    private(set) var next: LeafIndex
    private let latest: EntryTimestamp
    private var previous = EntryTimestamp(milliseconds: 0)

    /// Expects the entry `next` first, and none later than `latest`.
    init(next: LeafIndex, latest: EntryTimestamp) {
        self.next = next
        self.latest = latest
    }

    /// Returns the leaf hash, computed from the entry itself. Throws `.damaged`.
    mutating func check(_ entry: StoredEntry, merkleLeaf: MerkleLeafReader) throws(LogStoreError) -> MerkleHash {
        guard entry.index == next else { throw .damaged(.entryMissing(next)) }
        guard let leaf = try? merkleLeaf(entry.stored) else { throw .damaged(.entryUnreadable(entry.index)) }
        let hash = MerkleTree.leafHash(leaf)
        guard hash == entry.leafHash else { throw .damaged(.entryChanged(entry.index)) }
        guard previous <= entry.timestamp, entry.timestamp <= latest, let following = next.advanced(by: 1) else {
            throw .damaged(.timestampOutOfOrder(entry.index))
        }
        previous = entry.timestamp
        next = following
        return hash
    }
}
