public import Transparency

extension Sequencer {
    /// Makes an empty log in an empty store: signs and stores the checkpoint of size 0. Once in a log's life; blocks.
    /// Throws `.exists` when the store has a head, `.damaged` when it has entries without a head, `.signingFailed`,
    /// `.unavailable`.
    public static func create(
        in store: any LogStore,
        signer: any CheckpointSigner,
        clock: @Sendable () -> EntryTimestamp
    ) throws(LogError) {
        var refusal: LogError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogError) {
                    return try firstBatch(for: locked, signer: signer, now: clock())
                } catch {
                    refusal = error
                    return nil
                }
            }
        } catch {
            throw LogError(error)
        }
        if let refusal { throw refusal }
    }

    private static func firstBatch(
        for store: any LogReads,
        signer: any CheckpointSigner,
        now: EntryTimestamp
    ) throws(LogError) -> LogBatch {
        let (hasHead, hasEntries): (Bool, Bool)
        do throws(LogStoreError) {
            hasHead = try store.head() != nil
            hasEntries = try !store.entries(from: LeafIndex(0), count: 1).isEmpty
        } catch {
            throw LogError(error)
        }
        guard !hasHead else { throw .exists }
        guard !hasEntries else { throw .damaged(.headMissing) }
        let tree = TreeHead(size: .empty, root: MerkleTree.emptyRoot, timestamp: now)
        guard let checkpoint = try? signer.sign(tree) else { throw .signingFailed }
        return LogBatch(entries: [], tiles: [], head: StoredHead(tree: tree, checkpoint: checkpoint))
    }

    /// Opens a log after checking it: the checkpoint is signed by this log, the hash tiles at the right edge lead to
    /// the signed root, and the entries of the last tile are the ones in the tree. The cost doesn't grow with the log;
    /// for everything see ``LogAudit``. Blocks. `clock` is asked once a batch; the log's time never goes back. `pace`
    /// is called before each step of the writer. Throws `.damaged` and `.unavailable`.
    public static func open(
        _ store: any LogStore,
        signer: any CheckpointSigner,
        merkleLeaf: @escaping MerkleLeafReader,
        clock: @escaping @Sendable () -> EntryTimestamp,
        limits: SequencerLimits = SequencerLimits(),
        pace: @escaping Pace = { $0() }
    ) throws(LogError) -> Sequencer {
        do throws(LogStoreError) {
            let tip = try LogTip(reading: store, signer: signer)
            try tip.checkLastEntries(in: store, merkleLeaf: merkleLeaf)
            return Sequencer(store: store, signer: signer, tip: tip, clock: clock, limits: limits, pace: pace)
        } catch {
            throw LogError(error)
        }
    }
}
