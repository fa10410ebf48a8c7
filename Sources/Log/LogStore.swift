public import Records
public import Transparency

/// What can be read of a stored log. One call sees one moment; a later call sees the same or more, never less.
public protocol LogReads {
    /// The stored head; nil in a store that no log has been created in.
    func head() throws(LogStoreError) -> StoredHead?

    /// The hash tile with this name. A stored tile that is wider is cut to `id.width`; nil when the store has none that
    /// wide.
    func tile(_ id: TileID) throws(LogStoreError) -> Tile?

    /// The tiles with these names that ``tile(_:)`` would find; one look at the store where that saves time.
    func tiles(_ ids: [TileID]) throws(LogStoreError) -> [TileID: Tile]

    /// Up to `count` entries from `first` on, in order; fewer, or none, at the end of the log. The caller bounds
    /// `count`.
    func entries(from first: LeafIndex, count: Int) throws(LogStoreError) -> [StoredEntry]

    /// The first entry with this leaf hash; nil when there is none.
    func index(ofLeafHash hash: MerkleHash) throws(LogStoreError) -> LeafIndex?

    /// The first entry with each of these leaf hashes; one that is missing has none. One look, as with ``tiles(_:)``.
    func indices(ofLeafHashes hashes: Set<MerkleHash>) throws(LogStoreError) -> [MerkleHash: LeafIndex]

    /// The entries with one of these keys, or with all of them, the newest first: up to `count`, which the caller bounds.
    func indices(
        ofKeys keys: Set<SearchKey>,
        needsAll: Bool,
        count: Int
    ) throws(LogStoreError) -> [LeafIndex]

    /// What was decided about this entry; nil when the entry is missing or came without.
    func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord?

    /// How often this key has been used; 0 for one that is not known, or is known no more a day after its expiry.
    func uses(of key: UseLimit.Key) throws(LogStoreError) -> Int

    /// How often each of these keys has been used; a key that is missing has not. One look, as with ``tiles(_:)``.
    func uses(of keys: Set<UseLimit.Key>) throws(LogStoreError) -> [UseLimit.Key: Int]
}

extension LogReads {
    /// One after the other.
    public func tiles(_ ids: [TileID]) throws(LogStoreError) -> [TileID: Tile] {
        var tiles: [TileID: Tile] = [:]
        for id in ids { tiles[id] = try tile(id) }
        return tiles
    }

    /// One after the other.
    public func indices(ofLeafHashes hashes: Set<MerkleHash>) throws(LogStoreError) -> [MerkleHash: LeafIndex] {
        var indices: [MerkleHash: LeafIndex] = [:]
        for hash in hashes { indices[hash] = try index(ofLeafHash: hash) }
        return indices
    }

    /// One after the other.
    public func uses(of keys: Set<UseLimit.Key>) throws(LogStoreError) -> [UseLimit.Key: Int] {
        var uses: [UseLimit.Key: Int] = [:]
        for key in keys { uses[key] = try self.uses(of: key) }
        return uses
    }
}

/// Where a log is kept.
///
/// Durable when: `append` returning normally means that the whole batch survives loss of power. An error that
/// `append` throws after `prepare` has returned a batch says nothing of whether the batch is in; the caller reads the
/// head to find out, and may append the identical batch again.
///
/// Consistent how: `append` is one transaction under a lock of the head that excludes every other writer, in this
/// process, another process or on another machine. What `prepare` reads is the state that its batch will extend, so
/// no two writers can extend one head: that is the compare and set which makes a fork impossible. A batch becomes
/// visible whole, and only once it is durable: readers never see an entry or a hash that the head does not cover.
///
/// Callable from where: any thread, several at once. Every function blocks, so none may be called on a thread of
/// Swift's cooperative pool or on an event loop; ``Sequencer`` and ``LogReader`` bring threads of their own. Every
/// wait for a lock is bounded; when the bound is reached the function throws `.busy`. Reads do not wait for `append`.
///
/// What a malicious store could do: withhold entries, refuse service, and show an older state of the log. It cannot
/// add or change an entry unnoticed, for it cannot sign a checkpoint. If it shows an older state to a `Sequencer` that
/// has just been opened, the log forks: nothing in the store itself can tell. Whoever can write to the store is
/// trusted to that extent.
public protocol LogStore: LogReads, Sendable {
    /// Locks the head, runs `prepare` once with what is stored, and stores the batch that it returns. When `prepare`
    /// returns nil, nothing is changed and the function returns normally. When the function throws and `prepare` has
    /// not run, nothing is changed either.
    func append(_ prepare: (any LogReads) -> LogBatch?) throws(LogStoreError)

    /// Returns when the store could be written to now; changes nothing. For readiness checks: takes milliseconds.
    func probe() throws(LogStoreError)
}
