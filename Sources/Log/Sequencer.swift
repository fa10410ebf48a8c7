import Synchronization
public import Transparency

/// The writing side of a log: gives entries their place, and acknowledges each once it is durable and covered by a
/// stored, signed checkpoint.
///
/// Group commit without delay: one writer thread stores a batch; whatever arrives in the meantime is the next one. The
/// rules are ``SequencerState``'s; this class performs them.
public final class Sequencer: Sendable {
    typealias Waiter = CheckedContinuation<Result<SequencedEntry, LogError>, Never>

    /// Calls what it is given, at once or a bounded time later: when the caller would rather let more entries arrive.
    public typealias Pace = @Sendable (@escaping @Sendable () -> Void) -> Void

    /// The read side, on the same store.
    public let reader: LogReader

    let store: any LogStore
    let signer: any CheckpointSigner
    let clock: @Sendable () -> EntryTimestamp
    let limits: SequencerLimits
    let state: Mutex<SequencerState<Waiter>>
    private let writer = BlockingThreads(name: "log-writer", count: 1, queueMax: .max)
    private let pace: Pace
    private let tickets = Atomic<UInt64>(0)

    /// For `open`, with a checked tree.
    init(
        store: any LogStore,
        signer: any CheckpointSigner,
        tip: LogTip,
        clock: @escaping @Sendable () -> EntryTimestamp,
        limits: SequencerLimits,
        pace: @escaping Pace
    ) {
        self.store = store
        self.signer = signer
        self.clock = clock
        self.limits = limits
        self.pace = pace
        state = Mutex(SequencerState(tip: tip, limits: limits))
        reader = LogReader(store: store)
    }

    /// Appends an entry and returns its place once the entry is durable and a checkpoint that covers it is stored.
    ///
    /// Cancelling the task takes the entry back while it waits for its batch (`.cancelled`), and has no effect after
    /// that. Throws every case of ``LogError`` but `.exists` and `.outsideLog`. After `.unavailable` the entry, and
    /// with it the use of its key, may turn up in the log all the same.
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
        _ = await writer.run { while self.step() {} }
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
        let head = try await reader.read { store throws(LogStoreError) in
            try store.probe()
            return try store.existingHead()
        }
        try limits.checkClock(clock(), behind: head.tree)
    }

    /// Now, as the log would have it: the clock, but never before the newest entry that this process knows. Throws
    /// `.clockBehind` where an entry would be refused.
    public func now() throws(LogError) -> EntryTimestamp {
        let now = clock()
        let head = state.withLock { $0.tip.head.tree }
        try limits.checkClock(now, behind: head)
        return max(now, head.timestamp)
    }

    /// How many entries wait for their batch.
    var queueCount: Int { state.withLock { $0.queue.count } }

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
        pace { _ = self.writer.submit { if self.step() { self.startWriter() } } }
    }

    /// Wakes those who wait.
    func tell(_ answers: [Answer<Waiter>]) {
        for answer in answers {
            answer.waiter.resume(returning: answer.result)
        }
    }
}
