import Synchronization
public import Transparency

/// The writing side of a log: gives entries their place, and acknowledges each once it is durable and covered by a
/// stored, signed checkpoint.
///
/// Group commit without delay: one writer thread stores a batch; whatever arrives in the meantime is the next one. The
/// rules are ``SequencerState``'s; this class performs them.
public final class Sequencer: Sendable {
    typealias Waiter = CheckedContinuation<Result<SequencedEntry, LogError>, Never>

    /// The read side, on the same store.
    public let reader: LogReader

    private let store: any LogStore
    private let signer: any CheckpointSigner
    private let clock: @Sendable () -> EntryTimestamp
    private let limits: SequencerLimits
    private let state: Mutex<SequencerState<Waiter>>
    private let writer = BlockingThreads(name: "log-writer", count: 1, queueMax: .max)
    private let tickets = Atomic<UInt64>(0)

    /// Makes an empty log in an empty store: signs and stores the checkpoint of size 0. Once in a log's life; blocks.
    /// Throws `.exists` when the store has a head, `.damaged` when it has entries without a head, `.signingFailed`,
    /// `.unavailable`.
    public static func create(
        in store: any LogStore, signer: any CheckpointSigner, clock: @Sendable () -> EntryTimestamp
    ) throws(LogError) {
        var failure: LogError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogStoreError) {
                    guard try locked.head() == nil else { throw .busy }
                    guard try locked.entries(from: LeafIndex(0), count: 1).isEmpty else { throw .damaged(.headMissing) }
                } catch {
                    failure = if error == .busy { .exists } else { LogError(error) }
                    return nil
                }
                let tree = TreeHead(size: .empty, root: MerkleTree.emptyRoot, timestamp: clock())
                guard let checkpoint = try? signer.sign(tree) else {
                    failure = .signingFailed
                    return nil
                }
                return LogBatch(entries: [], tiles: [], head: StoredHead(tree: tree, checkpoint: checkpoint))
            }
        } catch {
            throw LogError(error)
        }
        if let failure { throw failure }
    }

    /// Opens a log after checking it: the checkpoint is signed by this log, the hash tiles at the right edge lead to the
    /// signed root, and the entries of the last tile are the ones in the tree. The cost doesn't grow with the log; for
    /// everything see ``LogAudit``. Blocks. `clock` is asked once a batch; the log's time never goes back.
    /// Throws `.damaged` and `.unavailable`.
    public static func open(
        _ store: any LogStore,
        signer: any CheckpointSigner,
        merkleLeaf: @escaping MerkleLeafReader,
        clock: @escaping @Sendable () -> EntryTimestamp,
        limits: SequencerLimits = SequencerLimits()
    ) throws(LogError) -> Sequencer {
        do throws(LogStoreError) {
            let tip = try LogTip(reading: store, signer: signer)
            try tip.checkLastEntries(in: store, merkleLeaf: merkleLeaf)
            return Sequencer(store: store, signer: signer, tip: tip, clock: clock, limits: limits)
        } catch {
            throw LogError(error)
        }
    }

    private init(
        store: any LogStore, signer: any CheckpointSigner, tip: LogTip, clock: @escaping @Sendable () -> EntryTimestamp,
        limits: SequencerLimits
    ) {
        self.store = store
        self.signer = signer
        self.clock = clock
        self.limits = limits
        state = Mutex(SequencerState(tip: tip, limits: limits))
        reader = LogReader(store: store)
    }

    /// Appends an entry and returns its place once the entry is durable and a checkpoint that covers it is stored.
    ///
    /// Cancelling the task takes the entry back while it waits for its batch (`.cancelled`), and has no effect after
    /// that. Throws every case of ``LogError`` but `.exists` and `.outsideLog`. After `.unavailable` the entry may turn
    /// up in the log all the same.
    public func append(_ entry: LogEntry) async throws(LogError) -> SequencedEntry {
        let ticket = Ticket(number: tickets.wrappingAdd(1, ordering: .relaxed).newValue)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                admit(Pending(ticket: ticket, entry: entry, waiter: waiter))
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    /// Takes no more entries, and returns when all that were accepted have been answered. Then the store may be closed.
    public func close() async {
        state.withLock { $0.close() }
        // The writer's jobs are done in order, and no new one follows.
        _ = await writer.run {}
    }

    /// Returns when appending should work: for readiness checks. After a failure it has the writer look at the store
    /// again, so that asking repeatedly brings the log back. Throws what keeps the log from working.
    public func checkReady() async throws(LogError) {
        let obstacle = state.withLock { state in
            let (obstacle, startWriter) = state.wake()
            if startWriter { self.startWriter() }
            return obstacle
        }
        if let obstacle { throw obstacle }
        try await reader.read { store throws(LogStoreError) in try store.probe() }
    }

    private func admit(_ pending: Pending<Waiter>) {
        let refusal: LogError? = state.withLock { state in
            do throws(LogError) {
                // Under the lock, so that `close` finds the writer's job queued.
                if try state.accept(pending) { startWriter() }
                return nil
            } catch {
                return error
            }
        }
        if let refusal { pending.waiter.resume(returning: .failure(refusal)) }
    }

    private func cancel(_ ticket: Ticket) {
        if let answer = state.withLock({ $0.cancel(ticket) }) { tell([answer]) }
    }

    private func startWriter() {
        _ = writer.submit { self.drain() }
    }

    private func tell(_ answers: [Answer<Waiter>]) {
        for answer in answers {
            answer.waiter.resume(returning: answer.result)
        }
    }
}

// MARK: On the writer thread

extension Sequencer {
    private func drain() {
        while true {
            switch state.withLock({ $0.next() }) {
            case .sleep: return
            case .write(let pending, let tip): write(pending, on: tip)
            case .rewrite(let signed): rewrite(signed)
            case .settle(let signed): settle(signed)
            }
        }
    }

    private func write(_ pending: [Pending<Waiter>], on tip: LogTip) {
        var extended: LogTip.Extension<Waiter>?
        var failure: LogStoreError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogStoreError) {
                    let base = try newest(tip, in: locked)
                    extended = base.extended(by: pending, now: clock(), signer: signer, sizeMax: limits.sizeMax)
                } catch {
                    failure = error
                }
                return extended?.signed?.batch
            }
        } catch {
            failure = error
        }
        let answers: [Answer<Waiter>] = state.withLock { state in
            switch (extended?.signed, failure) {
            case (let signed?, let failure?): state.lost(signed, failure)
            case (let signed?, nil): state.stored(signed)
            case (nil, let failure?): state.notBuilt(extended == nil ? pending : [], failure)
            case (nil, nil): []
            }
        }
        tell((extended?.refused ?? []) + answers)
    }

    /// `tip`, or what another writer has made of it.
    private func newest(_ tip: LogTip, in locked: any LogReads) throws(LogStoreError) -> LogTip {
        guard try locked.existingHead() != tip.head else { return tip }
        let newer = try LogTip(reading: locked, signer: signer)
        try newer.checkExtends(tip, in: locked)
        return newer
    }

    private func rewrite(_ signed: SignedBatch<Waiter>) {
        var isOvertaken = false
        var failure: LogStoreError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogStoreError) {
                    isOvertaken = try locked.existingHead() != signed.base.head
                } catch {
                    failure = error
                }
                return isOvertaken || failure != nil ? nil : signed.batch
            }
        } catch {
            failure = error
        }
        let answers: [Answer<Waiter>] = state.withLock { state in
            if let failure { return state.lost(signed, failure) }
            if !isOvertaken { return state.stored(signed) }
            state.overtaken(signed)
            return []
        }
        tell(answers)
    }

    private func settle(_ signed: SignedBatch<Waiter>) {
        let settlement = settlement(of: signed)
        tell(state.withLock { $0.settled(settlement) })
    }

    private func settlement(of signed: SignedBatch<Waiter>) -> SequencerState<Waiter>.Settlement {
        do throws(LogStoreError) {
            let head = try store.existingHead()
            if head == signed.tip.head { return .stored }
            if head == signed.base.head { return .absent }
            let newest = try LogTip(reading: store, signer: signer)
            try newest.checkExtends(signed.base, in: store)
            var present: Set<LeafIndex> = []
            for place in signed.placed
            where try store.index(ofLeafHash: place.entry.leafHash) == place.entry.index {
                present.insert(place.entry.index)
            }
            return .passed(newest, present: present)
        } catch {
            return .unreadable(error)
        }
    }
}
