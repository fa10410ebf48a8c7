import Transparency

/// A batch whose checkpoint has been signed: from now on no other tree of that size may be.
struct SignedBatch<Waiter: Sendable>: Sendable {
    /// Who waits for which place.
    struct Placed: Sendable {
        let waiter: Waiter
        var entry: SequencedEntry
    }

    /// The tree that the batch extends.
    let base: LogTip
    /// What is to be stored.
    let batch: LogBatch
    /// The tree with the batch.
    let tip: LogTip
    /// Who is to be told when the batch is stored.
    var placed: [Placed]
}

extension LogTip {
    /// What became of the entries of a batch.
    struct Extension<Waiter: Sendable>: Sendable {
        /// Nil when every entry was refused, or the checkpoint could not be signed.
        var signed: SignedBatch<Waiter>?
        /// Entries that are not in the batch, and why.
        var refused: [Answer<Waiter>] = []
    }

    /// Gives entries their places, computes the new tree and signs its checkpoint. `now` is used unless the log has
    /// seen a later time: the log's time stands still while the clock is a little behind, and nobody gets a place while
    /// it is more than that. Uses are counted on from what `store` says, which must be locked. Throws what reading the
    /// counts throws; nothing is signed then.
    func extended<Waiter: Sendable>(
        by pending: [Pending<Waiter>],
        in store: any LogReads,
        now: EntryTimestamp,
        signer: any CheckpointSigner,
        limits: SequencerLimits
    ) throws(LogStoreError) -> Extension<Waiter> {
        var result = Extension<Waiter>()
        do throws(LogError) {
            try limits.checkClock(now, behind: head.tree)
        } catch {
            result.refused = pending.map { Answer(waiter: $0.waiter, result: .failure(error)) }
            return result
        }
        let timestamp = max(now, head.tree.timestamp)
        var entries: [LogBatch.Entry] = []
        var placed: [SignedBatch<Waiter>.Placed] = []
        let earlierUses = try store.uses(of: Set(pending.compactMap(\.entry.use?.key)))
        var uses: [UseLimit.Key: Int] = [:]
        entries.reserveCapacity(pending.count)
        placed.reserveCapacity(pending.count)
        for item in pending {
            guard let index = LeafIndex(after: size).advanced(by: entries.count), limits.sizeMax.contains(index) else {
                result.refused.append(Answer(waiter: item.waiter, result: .failure(.full)))
                continue
            }
            var use: Int?
            if let limit = item.entry.use {
                // Earlier entries of this batch count.
                let before = uses[limit.key] ?? earlierUses[limit.key] ?? 0
                use = limit.next(after: before)
                guard use != nil else {
                    result.refused.append(Answer(waiter: item.waiter, result: .failure(.usedUp(uses: before))))
                    continue
                }
            }
            guard let leaf = try? item.entry.makeLeaf(index, timestamp) else {
                result.refused.append(Answer(waiter: item.waiter, result: .failure(.entryRefused)))
                continue
            }
            let hash = MerkleTree.leafHash(leaf.merkleLeaf)
            let stored = StoredEntry(index: index, timestamp: timestamp, leafHash: hash, stored: leaf.stored)
            var record = item.entry.record
            record?.timestamp = timestamp
            entries.append(LogBatch.Entry(entry: stored, record: record))
            if let limit = item.entry.use { uses[limit.key] = use }
            let sequenced = SequencedEntry(index: index, timestamp: timestamp, leafHash: hash, use: use)
            placed.append(SignedBatch.Placed(waiter: item.waiter, entry: sequenced))
        }
        guard !entries.isEmpty else { return result }
        var edge = edge
        guard let tiles = try? edge.append(entries.map(\.entry.leafHash)) else {
            result.refused += placed.map { Answer(waiter: $0.waiter, result: .failure(.full)) }
            return result
        }
        let tree = TreeHead(size: edge.size, root: edge.root, timestamp: timestamp)
        guard let checkpoint = try? signer.sign(tree) else {
            result.refused += placed.map { Answer(waiter: $0.waiter, result: .failure(.signingFailed)) }
            return result
        }
        let head = StoredHead(tree: tree, checkpoint: checkpoint)
        let sequenced = SequencedBatch(base: self.edge, leaves: entries.map(\.entry.leafHash), checkpoint: checkpoint)
        for index in placed.indices { placed[index].entry.batch = sequenced }
        result.signed = SignedBatch(
            base: self,
            batch: LogBatch(entries: entries, tiles: tiles, uses: uses, head: head),
            tip: LogTip(head: head, edge: edge),
            placed: placed
        )
        return result
    }
}
