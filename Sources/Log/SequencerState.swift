import Transparency

/// The rules of a ``Sequencer``, without input or output: functions say what happened, and return what to do.
///
/// Invariants:
/// 1. Every accepted entry is in exactly one place: in `queue`, in the step that is being performed, in the open batch,
///    or answered. It is answered once.
/// 2. At most `queueMax` entries wait in `queue`, and at most `batchMax` are in a step.
/// 3. At most one step is being performed (`isRunning`); it begins with `next` and ends with the function for its
///    outcome.
/// 4. `tip` is the newest tree that is known to be stored. It is never replaced by one that doesn't extend it.
/// 5. Once a batch is signed, nothing is built until the store has been seen to hold it, or to hold a tree of another
///    writer in its place. A batch that is not in the store is stored again exactly as it was signed. So no two trees
///    of one size are signed; and if a commit that was reported lost turns up after a crash (its pages may be in the
///    write-ahead log), it is this very batch. Nor is a use counted twice: the batch holds totals, which were read under
///    the lock of the head that it extends; as long as that head stands no batch has changed them, and a batch that was
///    stored once is not stored again, for then the head is its own. One that another writer has overtaken is given up:
///    it was never in the store, so nobody has seen its checkpoint.
/// 6. Nobody waits for a step to be repeated: who would have to is answered with the step's failure.
/// 7. In `damaged`, and after `close` once the queue is empty, nothing is performed any more.
///
/// ```
///                  write: stored, notBuilt
///                      ┌────────┐
///                      ▼        │
///      init ───────▶ READY ─────┘
///                    ▲ ▲ │
///                    │ │ │ write: lost
///    settle: settled │ │ ▼
///   (.stored, .passed) └ UNSETTLED ◀──┐
///                    │   │ ▲      │   │ settle: settled(.unreadable); then asleep until accept or wake
///    rewrite: stored │   │ │      └───┘
///                    │   │ │ rewrite: lost, overtaken
///                    │   ▼ │
///                    RETAINED   settle: settled(.absent)
///
///      every state ─────▶ DAMAGED   when what was read is damaged (notBuilt, lost, settled)
/// ```
struct SequencerState<Waiter: Sendable>: Sendable {
    /// Where the newest signed batch is.
    enum Phase: Sendable {
        /// Stored: `tip` is it.
        case ready
        /// Perhaps stored: `append` failed for this reason.
        case unsettled(SignedBatch<Waiter>, LogStoreError)
        /// Not stored.
        case retained(SignedBatch<Waiter>)
        /// The store is not to be trusted.
        case damaged(LogDamage)
    }

    /// What the writer thread is to do.
    enum Step: Sendable {
        /// Nothing, until somebody is told to start the writer.
        case sleep
        /// Build a batch on `tip` and store it.
        case write([Pending<Waiter>], on: LogTip)
        /// Store this batch, unchanged, if the store still holds its base.
        case rewrite(SignedBatch<Waiter>)
        /// Find out whether this batch is stored.
        case settle(SignedBatch<Waiter>)
    }

    /// What reading the store said of a batch.
    enum Settlement: Sendable {
        /// It is the newest.
        case stored
        /// The store still holds its base.
        case absent
        /// The store holds a tree of another writer; `present` are the places where this batch's entries are in it.
        case passed(LogTip, present: Set<LeafIndex>)
        /// The store can't be read.
        case unreadable(LogStoreError)
    }

    private let limits: SequencerLimits
    private(set) var tip: LogTip
    private(set) var phase: Phase = .ready
    private(set) var queue: [Pending<Waiter>] = []
    private(set) var isRunning = false
    private(set) var isClosed = false
    /// Somebody asked whether the log is usable again.
    private var isSettlementWanted = false

    /// Begins in `ready` with a checked tree.
    init(tip: LogTip, limits: SequencerLimits) {
        self.tip = tip
        self.limits = limits
    }

    // MARK: What callers do

    /// Takes an entry in; true when the writer sleeps and has to be started.
    mutating func accept(_ pending: Pending<Waiter>) throws(LogError) -> Bool {
        if case .damaged(let damage) = phase { throw .damaged(damage) }
        guard !isClosed else { throw .closed }
        guard queue.count < limits.queueMax else { throw .busy }
        queue.append(pending)
        return start()
    }

    /// Takes an entry out again; nil when it doesn't wait any more.
    mutating func cancel(_ ticket: Ticket) -> Answer<Waiter>? {
        guard let position = queue.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return Answer(waiter: queue.remove(at: position).waiter, result: .failure(.cancelled))
    }

    /// Takes no more entries.
    mutating func close() {
        isClosed = true
    }

    /// Why appending wouldn't work now; nil when it should. In `unsettled` this also asks for another look at the
    /// store.
    mutating func wake() -> (obstacle: LogError?, startWriter: Bool) {
        if isClosed { return (.closed, false) }
        switch phase {
        case .ready, .retained:
            return (nil, false)
        case .damaged(let damage):
            return (.damaged(damage), false)
        case .unsettled(_, let error):
            isSettlementWanted = true
            return (.unavailable(error), start())
        }
    }

    private mutating func start() -> Bool {
        defer { isRunning = true }
        return !isRunning
    }

    // MARK: What the writer does

    /// The next step; `sleep` ends the run.
    mutating func next() -> Step {
        switch phase {
        case .unsettled(let signed, _) where !signed.placed.isEmpty || !queue.isEmpty || isSettlementWanted:
            isSettlementWanted = false
            return .settle(signed)
        case .retained(let signed) where !queue.isEmpty:
            return .rewrite(signed)
        case .ready where !queue.isEmpty:
            let batch = Array(queue.prefix(limits.batchMax))
            queue.removeFirst(batch.count)
            return .write(batch, on: tip)
        case .ready, .unsettled, .retained, .damaged:
            isRunning = false
            return .sleep
        }
    }

    /// A `write` or `rewrite` succeeded.
    mutating func stored(_ signed: SignedBatch<Waiter>) -> [Answer<Waiter>] {
        tip = signed.tip
        phase = .ready
        return signed.placed.map { Answer(waiter: $0.waiter, result: $0.success) }
    }

    /// A `write` ended before anything was signed; `pending` are the entries that have no answer yet.
    mutating func notBuilt(_ pending: [Pending<Waiter>], _ error: LogStoreError) -> [Answer<Waiter>] {
        let answers = pending.map { Answer(waiter: $0.waiter, result: .failure(LogError(error))) }
        if case .damaged(let damage) = error { return answers + damaged(damage) }
        return answers
    }

    /// A `write` or `rewrite` failed after its batch was signed.
    mutating func lost(_ signed: SignedBatch<Waiter>, _ error: LogStoreError) -> [Answer<Waiter>] {
        tip = signed.base
        phase = .unsettled(signed, error)
        if case .damaged(let damage) = error { return damaged(damage) }
        // A batch without waiters was written again, and in vain: those in the queue have waited for that.
        return signed.placed.isEmpty ? refuseQueue(LogError(error)) : []
    }

    /// A `rewrite` found that another writer had moved the head.
    mutating func overtaken(_ signed: SignedBatch<Waiter>) {
        phase = .unsettled(signed, .busy)
    }

    /// A `settle` ended.
    mutating func settled(_ settlement: Settlement) -> [Answer<Waiter>] {
        guard case .unsettled(var signed, let cause) = phase else { return [] }
        let placed = signed.placed
        signed.placed = []
        let failure = Result<SequencedEntry, LogError>.failure(LogError(cause))
        switch settlement {
        case .stored:
            signed.placed = placed
            return stored(signed)
        case .absent:
            phase = .retained(signed)
            return placed.map { Answer(waiter: $0.waiter, result: failure) }
        case .passed(let newest, let present):
            tip = newest
            phase = .ready
            return placed.map {
                Answer(waiter: $0.waiter, result: present.contains($0.entry.index) ? $0.success : failure)
            }
        case .unreadable(.damaged(let damage)):
            return damaged(damage)
        case .unreadable(let error):
            phase = .unsettled(signed, error)
            let answers = placed.map { Answer(waiter: $0.waiter, result: .failure(LogError(error))) }
            return answers + refuseQueue(LogError(error))
        }
    }

    private mutating func damaged(_ damage: LogDamage) -> [Answer<Waiter>] {
        var answers: [Answer<Waiter>] = []
        if case .unsettled(let signed, _) = phase {
            answers = signed.placed.map { Answer(waiter: $0.waiter, result: .failure(.damaged(damage))) }
        }
        phase = .damaged(damage)
        return answers + refuseQueue(.damaged(damage))
    }

    private mutating func refuseQueue(_ error: LogError) -> [Answer<Waiter>] {
        defer { queue = [] }
        return queue.map { Answer(waiter: $0.waiter, result: .failure(error)) }
    }
}
