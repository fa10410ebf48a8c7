public import Records
public import Transparency

/// The read side of a log. What it serves is in the store, and so covered by the stored checkpoint; nothing is cached,
/// so several readers and writers of one store agree. Reads run on threads of their own and never wait for the writer.
///
/// Every function throws `LogError.busy` when too many reads wait, and `.unavailable` when the store fails.
public final class LogReader: Sendable {
    /// How many entries one call returns at most.
    public static let entriesMax = 1024

    /// How many entries one search finds at most: each may be in another tile of 8 KiB.
    public static let foundMax = 256

    private let store: any LogStore
    private let threads: BlockingThreads

    /// Reads `store` on `threadCount` threads; `queueMax` reads may wait for one.
    public init(store: any LogStore, threadCount: Int = 2, queueMax: Int = 1024) {
        self.store = store
        threads = BlockingThreads(name: "log-reader", count: max(1, threadCount), queueMax: max(1, queueMax))
    }

    /// The latest head and its signed checkpoint.
    public func head() async throws(LogError) -> StoredHead {
        try await read { store throws(LogStoreError) in try store.existingHead() }
    }

    /// The hash tile with this name, cut to its width; nil when the tree has no such tile (yet).
    public func tile(_ id: TileID) async throws(LogError) -> Tile? {
        try await read { store throws(LogStoreError) in try store.tile(id) }
    }

    /// The stored leaves of a level-0 tile, one after the other (C2SP static-ct-api, "Log Entries"); nil when the tree
    /// has no such tile (yet), or `id` is not of level 0.
    public func dataTile(_ id: TileID) async throws(LogError) -> [UInt8]? {
        guard id.level == 0 else { return nil }
        let entries = try await self.entries(from: LeafIndex(id.index << 8), count: id.width)
        guard entries.count == id.width else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.stored.count })
        for entry in entries {
            bytes.append(contentsOf: entry.stored)
        }
        return bytes
    }

    /// Up to `count` entries, and never more than `entriesMax`, from `first` on; none beyond the end of the log.
    public func entries(from first: LeafIndex, count: Int) async throws(LogError) -> [StoredEntry] {
        let bounded = min(max(count, 0), LogReader.entriesMax)
        return try await read { store throws(LogStoreError) in try store.entries(from: first, count: bounded) }
    }

    /// The first entry with this leaf hash; nil when there is none.
    public func index(ofLeafHash hash: MerkleHash) async throws(LogError) -> LeafIndex? {
        try await read { store throws(LogStoreError) in try store.index(ofLeafHash: hash) }
    }

    /// The first entry with each of these leaf hashes, in their order; nil where there is none. The caller bounds them.
    public func indices(ofLeafHashes hashes: [MerkleHash]) async throws(LogError) -> [LeafIndex?] {
        try await read { store throws(LogStoreError) in
            var indices: [LeafIndex?] = []
            for hash in hashes { indices.append(try store.index(ofLeafHash: hash)) }
            return indices
        }
    }

    /// The leaf hashes of the newest entries with one of these keys, or with all of them, the newest first; `foundMax` at
    /// most. The caller bounds the keys.
    public func leafHashes(ofKeys keys: Set<SearchKey>, needsAll: Bool) async throws(LogError) -> [MerkleHash] {
        try await read { store throws(LogStoreError) in
            try store.leafHashes(
                of: try store.indices(ofKeys: keys, needsAll: needsAll, count: LogReader.foundMax)
            )
        }
    }

    /// What was decided about each of up to `entriesMax` entries from `first` on; nil where an entry is missing or came
    /// without.
    public func records(from first: LeafIndex, count: Int) async throws(LogError) -> [IssuanceRecord?] {
        let bounded = min(max(count, 0), LogReader.entriesMax)
        return try await read { store throws(LogStoreError) in
            var records: [IssuanceRecord?] = []
            for offset in 0..<bounded {
                guard let index = first.advanced(by: offset) else { break }
                records.append(try store.record(of: index))
            }
            return records
        }
    }

    /// The proof that an entry is in the tree of size `size` (RFC 6962 §2.1.1). Throws `.outsideLog` when the entry is
    /// not in that tree, or the log is not that large (yet).
    public func inclusionProof(of index: LeafIndex, in size: TreeSize) async throws(LogError) -> InclusionProof {
        guard let plan = try? ProofPlan.inclusion(of: index, in: size) else { throw .outsideLog }
        return InclusionProof(index: index, size: size, path: try await hashes(of: plan, in: size))
    }

    /// The proof that the tree of size `from` is a prefix of the tree of size `to` (RFC 6962 §2.1.2). Throws
    /// `.outsideLog` when `from` is larger than `to`, or the log is not that large (yet).
    public func consistencyProof(from: TreeSize, to: TreeSize) async throws(LogError) -> ConsistencyProof {
        guard let plan = try? ProofPlan.consistency(from: from, to: to) else { throw .outsideLog }
        return ConsistencyProof(from: from, to: to, path: try await hashes(of: plan, in: to))
    }

    private func hashes(of plan: ProofPlan, in size: TreeSize) async throws(LogError) -> [MerkleHash] {
        let hashes = try await read { store throws(LogStoreError) -> [MerkleHash]? in
            guard size <= (try store.existingHead().tree.size) else { return nil }
            return try store.hashes(of: plan)
        }
        guard let hashes else { throw .outsideLog }
        return hashes
    }

    /// Runs `body` on a thread that may block.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any LogStore) throws(LogStoreError) -> Value
    ) async throws(LogError) -> Value {
        try await threads.ask { [store] () throws(LogStoreError) in try body(store) }
    }
}
