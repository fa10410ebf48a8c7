import Dispatch
public import Records
import Synchronization

/// Stores records that nobody waits for: refusals. Taking one costs a lock; a thread of its own stores what has
/// gathered in a few hundredths of a second, so that many share a transaction.
///
/// When the store fails, records wait and are tried again, in longer and longer intervals; beyond `queueMax` they are
/// dropped and counted. What waits is lost when the process is killed.
public final class RecordWriter: Sendable {
    private let store: any RecordStore
    private let queue: Mutex<RecordQueue>
    private let thread = BlockingThreads(name: "record-writer", count: 1, queueMax: .max)
    /// For records that somebody waits for.
    private let attended = BlockingThreads(name: "record-issuer", count: 1, queueMax: 1024)
    /// Ends the thread's wait early. A signal too many has it look once more.
    private let wake = DispatchSemaphore(value: 0)

    /// Writes to `store`, `batchMax` records a transaction. A record waits `linger` for others; after a failure the
    /// pause doubles, up to `pauseMax`.
    public init(
        store: any RecordStore,
        queueMax: Int = 16_384,
        batchMax: Int = 512,
        linger: Duration = .milliseconds(50),
        pauseMax: Duration = .seconds(10)
    ) {
        self.store = store
        queue = Mutex(
            RecordQueue(queueMax: queueMax, batchMax: batchMax, linger: linger, pauseMax: pauseMax, now: .now)
        )
    }

    /// Queues a record, without waiting; false, and it is counted as dropped, when the queue is full or closed.
    public func add(_ record: IssuanceRecord) -> Bool {
        let admission = queue.withLock { queue in
            let admission = queue.accept(record, now: .now)
            // Under the lock, so that `close` finds the thread's job queued.
            if admission.startsWriter { _ = thread.submit { self.run() } }
            return admission
        }
        if admission.wakesWriter { wake.signal() }
        return admission.isAccepted
    }

    /// Stores the record of a certificate in another's log, and counts the use of its token; returns when that is
    /// durable. Throws `.busy` when too many wait, and `.unavailable` when the store fails.
    public func add(_ record: IssuanceRecord, counting use: UseLimit?) async throws(LogError) -> Recording {
        try await attended.ask { [store] () throws(LogStoreError) in try store.add(record, counting: use) }
    }

    /// Takes no more records, and returns when the rest has been stored or, if the store fails, dropped.
    public func close() async {
        if queue.withLock({ $0.close() }) { wake.signal() }
        // The thread's jobs are done in order, and no new one follows.
        _ = await thread.run {}
    }

    /// Calls of the store that failed.
    public var failures: Int { queue.withLock { $0.failures } }

    /// Records that were not stored and won't be.
    public var dropped: Int { queue.withLock { $0.dropped } }

    private func run() {
        while true {
            switch queue.withLock({ $0.next(now: .now) }) {
            case .end: return
            case .wait(let end): _ = wake.wait(timeout: .now() + Self.seconds(until: end))
            case .write(let records): write(records)
            }
        }
    }

    private func write(_ records: [IssuanceRecord]) {
        do throws(LogStoreError) {
            try store.add(records)
            queue.withLock { $0.stored(records.count, now: .now) }
        } catch {
            queue.withLock { $0.failed(now: .now) }
        }
    }

    private static func seconds(until end: RecordQueue.Instant) -> Double {
        let left = RecordQueue.Instant.now.duration(to: end).components
        return max(0, Double(left.seconds) + Double(left.attoseconds) * 1e-18)
    }
}
