import Dispatch
import Foundation
import Synchronization

/// The threads that sign and verify: one for each core, and a bounded queue before them.
///
/// CPU work of about a millisecond would starve event loops and Swift's own pool, so it runs here and nowhere else; no
/// job waits for network or disk. A full queue is refused at once.
public final class CryptoWorkers: Sendable {
    /// What the threads share with the owner; they hold this and not the owner, or it would never go.
    private final class Shared: Sendable {
        private struct Ring {
            var jobs: [@Sendable () -> Void] = []
            var next = 0
        }

        private let ring = Mutex(Ring())
        private let waiting = DispatchSemaphore(value: 0)

        func submit(_ job: @escaping @Sendable () -> Void, max: Int) -> Bool {
            let isAccepted = ring.withLock { ring in
                guard ring.jobs.count - ring.next < max else { return false }
                ring.jobs.append(job)
                return true
            }
            if isAccepted { waiting.signal() }
            return isAccepted
        }

        func stop() { waiting.signal() }

        func run() {
            while true {
                waiting.wait()
                let job: (@Sendable () -> Void)? = ring.withLock { ring in
                    guard ring.next < ring.jobs.count else { return nil }
                    let job = ring.jobs[ring.next]
                    ring.next += 1
                    if ring.next == ring.jobs.count {
                        ring.jobs.removeAll(keepingCapacity: true)
                        ring.next = 0
                    }
                    return job
                }
                guard let job else { return }
                job()
            }
        }
    }

    private let shared = Shared()
    private let count: Int
    private let queueMax: Int

    /// Starts `count` threads; at most `queueMax` jobs wait for them.
    public init(count: Int, queueMax: Int) {
        self.count = max(1, count)
        self.queueMax = max(1, queueMax)
        for number in 0..<self.count {
            let thread = Thread { [shared] in shared.run() }
            thread.name = "crypto-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        // Each thread does what still waits, then meets an empty queue and ends.
        for _ in 0..<count { shared.stop() }
    }

    /// Runs `work` on one of the threads. Throws what it throws, and ``AuthorityError/busy`` when too much is waiting.
    func run<Value: ~Copyable & Sendable>(
        _ work: @escaping @Sendable () throws(AuthorityError) -> Value
    ) async throws(AuthorityError) -> Value {
        let outcome = Once<Result<Value, AuthorityError>>()
        let isAccepted = await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
            let isAccepted = shared.submit(
                {
                    do throws(AuthorityError) {
                        outcome.put(.success(try work()))
                    } catch {
                        outcome.put(.failure(error))
                    }
                    continuation.resume(returning: true)
                }, max: queueMax)
            if !isAccepted { continuation.resume(returning: false) }
        }
        guard isAccepted, let result = outcome.take() else { throw .busy }
        return try result.get()
    }
}
