import Records

/// The rules of a ``RecordWriter``, without input or output.
///
/// ```
///            accept                 next: due, full or closed
///   IDLE ─────────────▶ GATHERING ─────────────▶ WRITING ──── stored, queue empty ───▶ IDLE
///                           ▲                       │
///                           └── failed (due later), stored with more in the queue
/// ```
///
/// 1. A record stays in the queue until it is stored, so that `queueMax` bounds those being written too.
/// 2. At most one thread runs the steps (`isRunning`): from the `accept` that says so to the `next` that returns `end`.
/// 3. After `close` what is queued is tried once more; what fails then is dropped.
struct RecordQueue: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the writer's thread is to do.
    enum Step: Sendable {
        /// Nothing, until somebody is told to start it.
        case end
        /// Ask again then, or when woken.
        case wait(until: Instant)
        /// Store these.
        case write([IssuanceRecord])
    }

    /// What is to be done for a record that was accepted or not.
    struct Admission: Sendable, Equatable {
        var isAccepted = true
        var startsWriter = false
        var wakesWriter = false
    }

    /// The pause after a first failure.
    static let pauseMin = Duration.milliseconds(100)

    private let queueMax: Int
    private let batchMax: Int
    private let linger: Duration
    private let pauseMax: Duration
    private var queue: [IssuanceRecord] = []
    private var due: Instant
    /// The pause after the last failure; nil while the store works.
    private var pause: Duration?
    private var isRunning = false
    private var isClosed = false
    /// Calls of the store that failed.
    private(set) var failures = 0
    /// Records that were not stored and won't be.
    private(set) var dropped = 0

    /// Numbers below 1 count as 1.
    init(queueMax: Int, batchMax: Int, linger: Duration, pauseMax: Duration, now: Instant) {
        self.queueMax = max(1, queueMax)
        self.batchMax = max(1, batchMax)
        self.linger = linger
        self.pauseMax = pauseMax
        due = now
    }

    /// A record arrived.
    mutating func accept(_ record: IssuanceRecord, now: Instant) -> Admission {
        guard !isClosed, queue.count < queueMax else {
            dropped += 1
            return Admission(isAccepted: false)
        }
        queue.append(record)
        guard isRunning else {
            isRunning = true
            due = now + linger
            return Admission(startsWriter: true)
        }
        return Admission(wakesWriter: queue.count == batchMax)
    }

    /// No more records; true when the writer may wait and has to be woken.
    mutating func close() -> Bool {
        isClosed = true
        return isRunning
    }

    /// The next step; `end` ends the run.
    mutating func next(now: Instant) -> Step {
        guard !queue.isEmpty else {
            isRunning = false
            return .end
        }
        // After a failure the pause holds, however full the queue is.
        let isFull = queue.count >= batchMax && pause == nil
        guard isClosed || isFull || now >= due else { return .wait(until: due) }
        return .write(Array(queue.prefix(batchMax)))
    }

    /// The first `count` records are stored. What is left has lingered meanwhile.
    mutating func stored(_ count: Int, now: Instant) {
        queue.removeFirst(min(count, queue.count))
        pause = nil
        due = now
    }

    /// The store failed.
    mutating func failed(now: Instant) {
        failures += 1
        guard !isClosed else {
            dropped += queue.count
            queue = []
            return
        }
        let longer = min(pause.map { $0 * 2 } ?? Self.pauseMin, pauseMax)
        pause = longer
        due = now + longer
    }
}
