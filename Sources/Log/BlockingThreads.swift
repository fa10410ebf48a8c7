import Dispatch
import Foundation
import Synchronization

/// Threads that may block, with a bounded queue before them. Store calls run here, so that they never take a thread of
/// Swift's cooperative pool or an event loop. The threads end when the object goes.
final class BlockingThreads: Sendable {
    /// What the threads share with the owner; they hold this and not the owner, or it would never go.
    private final class Shared: Sendable {
        let jobs = Mutex<[@Sendable () -> Void]>([])
        /// One signal for each waiting job, and at the end one more for each thread.
        let work = DispatchSemaphore(value: 0)

        func run() {
            while true {
                work.wait()
                let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                guard let job else { return }
                job()
            }
        }
    }

    private let shared = Shared()
    private let count: Int
    private let queueMax: Int

    /// Starts `count` threads; the system shows the first 15 characters of `name`.
    init(name: String, count: Int, queueMax: Int) {
        self.count = count
        self.queueMax = queueMax
        for _ in 0..<count {
            let thread = Thread { [shared] in shared.run() }
            thread.name = name
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        // Waiting jobs are still done; each thread then meets an empty queue and ends.
        for _ in 0..<count {
            shared.work.signal()
        }
    }

    /// Queues a job; false, and the job is not kept, when `queueMax` jobs wait already.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = shared.jobs.withLock { jobs in
            guard jobs.count < queueMax else { return false }
            jobs.append(job)
            return true
        }
        if isAccepted {
            shared.work.signal()
        }
        return isAccepted
    }

    /// Asks a store on one of the threads. Throws `.busy` when too many wait, and what the store's error means.
    func ask<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LogStoreError) -> Value
    ) async throws(LogError) -> Value {
        let result: Result<Value, LogStoreError>? = await run {
            do throws(LogStoreError) { return .success(try body()) } catch { return .failure(error) }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw LogError(error)
        case nil: throw .busy
        }
    }

    /// Runs `body` on one of the threads; nil, and `body` is not run, when the queue is full.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isAccepted = submit { continuation.resume(returning: body()) }
            if !isAccepted {
                continuation.resume(returning: nil)
            }
        }
    }
}
