import Dispatch
import Testing

@testable import Authority

@Suite("Crypto workers")
struct CryptoWorkersTests {
    @Test func resultsAndErrorsComeBack() async throws {
        let workers = CryptoWorkers(count: 2, queueMax: 1000)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask { try await workers.run { () throws(AuthorityError) in number } }
            }
            var sum = 0
            for try await number in group { sum += number }
            #expect(sum == 499 * 500 / 2)
        }
        await #expect(throws: AuthorityError.directoryUsed(path: "x")) {
            try await workers.run { () throws(AuthorityError) -> Int in throw .directoryUsed(path: "x") }
        }
    }

    @Test func fullQueueIsRefusedAtOnce() async throws {
        let workers = CryptoWorkers(count: 1, queueMax: 1)
        let started = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        async let first: Void = workers.run { () throws(AuthorityError) in
            started.signal()
            release.wait()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                started.wait()
                continuation.resume()
            }
        }
        // One runs and one may wait: of ten more, nine are refused at once and one when the first has ended.
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask { (try? await workers.run { () throws(AuthorityError) in }) != nil }
            }
            var answers: [Bool] = []
            for await isDone in group {
                answers.append(isDone)
                if answers.count == 9 { release.signal() }
            }
            #expect(answers == [Bool](repeating: false, count: 9) + [true])
        }
        try await first
    }
}
