import Transparency

/// The places of a batch's entries, while they are given out one after the other.
struct BatchPlaces<Waiter: Sendable>: Sendable {
    /// The entries that have a place.
    private(set) var entries: [LogBatch.Entry] = []
    /// Who is told of which place.
    private(set) var placed: [SignedBatch<Waiter>.Placed] = []
    /// Who gets none, and why.
    private(set) var refused: [Answer<Waiter>] = []
    /// How often each key has been used with this batch.
    private(set) var uses: [UseLimit.Key: Int] = [:]

    private let base: TreeSize
    private let timestamp: EntryTimestamp
    private let sizeMax: TreeSize
    private let earlierUses: [UseLimit.Key: Int]
    private let earlierLeaves: [MerkleHash: LeafIndex]
    private var leaves: [MerkleHash: SequencedEntry] = [:]

    /// Reads what the store, which must be locked, knows of the entries' uses and unique leaves. Throws what that throws.
    init(
        for pending: [Pending<Waiter>],
        after base: TreeSize,
        at timestamp: EntryTimestamp,
        sizeMax: TreeSize,
        in store: any LogReads
    ) throws(LogStoreError) {
        self.base = base
        self.timestamp = timestamp
        self.sizeMax = sizeMax
        earlierUses = try store.uses(of: Set(pending.compactMap(\.entry.use?.key)))
        earlierLeaves = try store.indices(ofLeafHashes: Set(pending.compactMap(\.entry.uniqueHash)))
        entries.reserveCapacity(pending.count)
        placed.reserveCapacity(pending.count)
        for item in pending { place(item) }
    }

    private mutating func place(_ item: Pending<Waiter>) {
        if let hash = item.entry.uniqueHash {
            if let index = earlierLeaves[hash] { return refuse(item, .duplicate(of: index)) }
            // Told when the batch is stored: until then the log doesn't hold it.
            if let twin = leaves[hash] {
                placed.append(SignedBatch.Placed(waiter: item.waiter, entry: twin, isDuplicate: true))
                return
            }
        }
        guard let index = LeafIndex(after: base).advanced(by: entries.count), sizeMax.contains(index) else {
            return refuse(item, .full)
        }
        var use: Int?
        if let limit = item.entry.use {
            // Earlier entries of this batch count.
            let before = uses[limit.key] ?? earlierUses[limit.key] ?? 0
            use = limit.next(after: before)
            guard use != nil else { return refuse(item, .usedUp(uses: before)) }
        }
        guard let leaf = try? item.entry.makeLeaf(index, timestamp) else { return refuse(item, .entryRefused) }
        let hash = MerkleTree.leafHash(leaf.merkleLeaf)
        guard item.entry.uniqueHash ?? hash == hash else { return refuse(item, .entryRefused) }
        let stored = StoredEntry(index: index, timestamp: timestamp, leafHash: hash, stored: leaf.stored)
        var record = item.entry.record
        record?.timestamp = timestamp
        entries.append(LogBatch.Entry(entry: stored, record: record, keys: item.entry.keys))
        if let limit = item.entry.use { uses[limit.key] = use }
        let sequenced = SequencedEntry(index: index, timestamp: timestamp, leafHash: hash, use: use)
        if item.entry.uniqueHash != nil { leaves[hash] = sequenced }
        placed.append(SignedBatch.Placed(waiter: item.waiter, entry: sequenced))
    }

    private mutating func refuse(_ item: Pending<Waiter>, _ error: LogError) {
        refused.append(Answer(waiter: item.waiter, result: .failure(error)))
    }
}
