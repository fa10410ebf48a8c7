import Synchronization
import Testing

@testable import Authority

@Suite("Crypto workers")
struct CryptoWorkersTests {
    @Test func resultsAndErrorsComeBack() async throws {
        let workers = CryptoWorkers(count: 2, admittedMax: 1000)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try await workers.run { () async throws(AuthorityError) in
                        await Task.yield()
                        return number
                    }
                }
            }
            var sum = 0
            for try await number in group { sum += number }
            #expect(sum == 499 * 500 / 2)
        }
        await #expect(throws: AuthorityError.directoryUsed(path: "x")) {
            try await workers.run { () async throws(AuthorityError) -> Int in throw .directoryUsed(path: "x") }
        }
    }

    @Test("more than may be admitted are refused at once, and later ones are welcome again")
    func admissionIsBounded() async throws {
        let workers = CryptoWorkers(count: 1, admittedMax: 3)
        let gate = AsyncStream.makeStream(of: Void.self)
        // Three wait at the gate; of ten, seven are refused before any of the three has ended.
        let answers = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        try await workers.run { () async throws(AuthorityError) -> Void in
                            for await _ in gate.stream { break }
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            var answers: [Bool] = []
            for await isDone in group {
                answers.append(isDone)
                if answers.count == 7 { gate.continuation.finish() }
            }
            return answers
        }
        #expect(answers == [Bool](repeating: false, count: 7) + [Bool](repeating: true, count: 3))
        try await workers.run { () async throws(AuthorityError) in }
    }

    @Test("what waits for idleness is done when nothing waits, and after a bounded number of jobs")
    func idleActionsAreDone() async throws {
        let workers = CryptoWorkers(count: 1, admittedMax: 1000)
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            workers.whenIdle { done.resume() }
        }

        let count = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Two that keep the queue from ever being empty, until the action has come.
            for _ in 0..<2 {
                group.addTask {
                    try await workers.run { () async throws(AuthorityError) in
                        while !count.isStopped.load(ordering: .relaxed) {
                            let number = count.jobs.wrappingAdd(1, ordering: .relaxed).newValue
                            if number == 10 {
                                workers.whenIdle {
                                    count.atAction.withLock { $0 = count.jobs.load(ordering: .relaxed) }
                                    count.isStopped.store(true, ordering: .relaxed)
                                }
                            }
                            await Task.yield()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let atAction = try #require(count.atAction.withLock { $0 })
        #expect(atAction <= 10 + CryptoWorkers.jobsBeforeIdleMax + 2)
    }
}

/// What the tasks of a test count together.
private final class Count: Sendable {
    let jobs = Atomic<Int>(0)
    let atAction = Mutex<Int?>(nil)
    let isStopped = Atomic<Bool>(false)
}
