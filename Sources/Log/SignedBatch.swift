import Transparency

/// A batch whose checkpoint has been signed: from now on no other tree of that size may be.
struct SignedBatch<Waiter: Sendable>: Sendable {
    /// Who waits for which place.
    struct Placed: Sendable {
        let waiter: Waiter
        var entry: SequencedEntry
        /// Whether the place is another waiter's, for the same leaf.
        var isDuplicate = false

        /// What the waiter is told once the batch is stored.
        var success: Result<SequencedEntry, LogError> {
            isDuplicate ? .failure(.duplicate(of: entry.index)) : .success(entry)
        }
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
    /// it is more than that. Uses are counted on from what `store` says, which must be locked, and so are unique leaves
    /// found. Throws what reading it throws; nothing is signed then.
    func extended<Waiter: Sendable>(
        by pending: [Pending<Waiter>],
        in store: any LogReads,
        now: EntryTimestamp,
        signer: any CheckpointSigner,
        limits: SequencerLimits
    ) throws(LogStoreError) -> Extension<Waiter> {
        do throws(LogError) {
            try limits.checkClock(now, behind: head.tree)
        } catch {
            return Extension(refused: pending.map { Answer(waiter: $0.waiter, result: .failure(error)) })
        }
        let timestamp = max(now, head.tree.timestamp)
        let places = try BatchPlaces(for: pending, after: size, at: timestamp, sizeMax: limits.sizeMax, in: store)
        return signed(places, at: timestamp, signer: signer)
    }

    private func signed<Waiter: Sendable>(
        _ places: BatchPlaces<Waiter>,
        at timestamp: EntryTimestamp,
        signer: any CheckpointSigner
    ) -> Extension<Waiter> {
        guard !places.entries.isEmpty else { return Extension(refused: places.refused) }
        func refused(_ error: LogError) -> Extension<Waiter> {
            let answers = places.placed.map { Answer(waiter: $0.waiter, result: .failure(error)) }
            return Extension(refused: places.refused + answers)
        }
        let leaves = places.entries.map(\.entry.leafHash)
        var edge = edge
        guard let tiles = try? edge.append(leaves) else { return refused(.full) }
        let tree = TreeHead(size: edge.size, root: edge.root, timestamp: timestamp)
        guard let checkpoint = try? signer.sign(tree) else { return refused(.signingFailed) }
        let head = StoredHead(tree: tree, checkpoint: checkpoint)
        let sequenced = SequencedBatch(base: self.edge, leaves: leaves, checkpoint: checkpoint)
        var placed = places.placed
        for index in placed.indices { placed[index].entry.batch = sequenced }
        let batch = SignedBatch(
            base: self,
            batch: LogBatch(entries: places.entries, tiles: tiles, uses: places.uses, head: head),
            tip: LogTip(head: head, edge: edge),
            placed: placed
        )
        return Extension(signed: batch, refused: places.refused)
    }
}
