import DequeModule
import Dispatch
import Foundation
import Synchronization

/// The threads that sign and verify: an executor with one thread for each core. Tasks that prefer it do their CPU work
/// here and leave a thread while they wait for network or disk; between two such visits nothing passes through Swift's
/// own pool or an event loop. CPU work of a quarter of a millisecond would starve both.
public final class CryptoWorkers: TaskExecutor {
    /// What the threads share with the owner; they hold this and not the owner, or it would never go.
    private final class Shared: Sendable {
        private struct Queue {
            var jobs: Deque<UnownedJob> = []
            var idleAction: (@Sendable () -> Void)?
            var jobsUntilAction = 0
        }

        private let queue = Mutex(Queue())
        private let waiting = DispatchSemaphore(value: 0)

        func submit(_ job: UnownedJob) {
            queue.withLock { $0.jobs.append(job) }
            waiting.signal()
        }

        func stop() { waiting.signal() }

        func whenIdle(_ action: @escaping @Sendable () -> Void) {
            let isIdle = queue.withLock { queue in
                if queue.jobs.isEmpty || queue.idleAction != nil { return true }
                queue.idleAction = action
                queue.jobsUntilAction = CryptoWorkers.jobsBeforeIdleMax
                return false
            }
            if isIdle { action() }
        }

        func run(as executor: UnownedTaskExecutor) {
            while true {
                waiting.wait()
                let (job, action): (UnownedJob?, (@Sendable () -> Void)?) = queue.withLock { queue in
                    guard let job = queue.jobs.popFirst() else { return (nil, nil) }
                    queue.jobsUntilAction -= 1
                    guard queue.jobs.isEmpty || queue.jobsUntilAction <= 0 else { return (job, nil) }
                    defer { queue.idleAction = nil }
                    return (job, queue.idleAction)
                }
                guard let job else { return }
                job.runSynchronously(on: executor)
                action?()
            }
        }
    }

    /// How many jobs may still be done before an action that waits for idleness: a few milliseconds' worth.
    static let jobsBeforeIdleMax = 64

    private let shared = Shared()
    private let count: Int
    private let admittedMax: Int
    private let admitted = Atomic<Int>(0)
    private let waitingElsewhere = Atomic<Int>(0)

    /// Starts `count` threads; at most `admittedMax` requests are under way or waiting at any time.
    public init(count: Int, admittedMax: Int) {
        self.count = max(1, count)
        self.admittedMax = max(1, admittedMax)
        let executor = asUnownedTaskExecutor()
        for number in 0..<self.count {
            let thread = Thread { [shared] in shared.run(as: executor) }
            thread.name = "crypto-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        // No task is left, for each keeps its executor; every thread meets an empty queue and ends.
        for _ in 0..<count { shared.stop() }
    }

    /// How many requests have been admitted and not finished.
    var requestsInFlight: Int { admitted.load(ordering: .relaxed) + waitingElsewhere.load(ordering: .relaxed) }

    /// Queues a task's next stretch of work. Bounded by ``run(_:)``, the only door for tasks.
    public func enqueue(_ job: consuming ExecutorJob) {
        shared.submit(UnownedJob(job))
    }

    /// Calls `action` when nothing waits for these threads any more, or after ``jobsBeforeIdleMax`` further jobs: for
    /// work that is cheaper the more has been done before it, such as the log's commits.
    @Sendable func whenIdle(_ action: @escaping @Sendable () -> Void) {
        shared.whenIdle(action)
    }

    /// Runs `work` on these threads. Throws what it throws, and ``AuthorityError/busy`` at once when too many requests
    /// have been admitted and not finished.
    func run<Value: Sendable>(
        _ work: () async throws(AuthorityError) -> Value
    ) async throws(AuthorityError) -> Value {
        guard admitted.wrappingAdd(1, ordering: .relaxed).oldValue < admittedMax else {
            admitted.wrappingSubtract(1, ordering: .relaxed)
            throw .busy
        }
        defer { admitted.wrappingSubtract(1, ordering: .relaxed) }
        return try await withTaskExecutorPreference(self, operation: work)
    }

    /// Waits for something that isn't ours, such as an issuer's documents, without a place among the admitted: however
    /// many wait for one dead issuer, the others' requests are taken. Inside ``run(_:)`` only; the caller bounds it.
    func waiting<Value: Sendable, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        waitingElsewhere.wrappingAdd(1, ordering: .relaxed)
        admitted.wrappingSubtract(1, ordering: .relaxed)
        defer {
            admitted.wrappingAdd(1, ordering: .relaxed)
            waitingElsewhere.wrappingSubtract(1, ordering: .relaxed)
        }
        return try await work()
    }
}
