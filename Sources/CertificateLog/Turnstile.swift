import Synchronization

/// Lets one through at a time, in the order of coming, and turns away whoever would wait as one too many.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private enum Entrance { case open, crowded, queued }

    private let waitingMax: Int
    private let state = Mutex(State())

    init(waitingMax: Int) {
        self.waitingMax = waitingMax
    }

    /// How many are inside or wait.
    var presentCount: Int { state.withLock { $0.waiting.count + ($0.isTaken ? 1 : 0) } }

    /// Runs `body` when its turn has come. Throws what it throws, and `.log(.busy)` when too many wait.
    func pass<Value: Sendable>(
        _ body: () async throws(CertificateLogError) -> Value
    ) async throws(CertificateLogError) -> Value {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws(CertificateLogError) {
        var isCrowded = false
        await withCheckedContinuation { continuation in
            let entrance: Entrance = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return .open
                }
                guard state.waiting.count < waitingMax else { return .crowded }
                state.waiting.append(continuation)
                return .queued
            }
            isCrowded = entrance == .crowded
            if entrance != .queued { continuation.resume() }
        }
        if isCrowded { throw .log(.busy) }
    }

    private func leave() {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil as CheckedContinuation<Void, Never>?
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
