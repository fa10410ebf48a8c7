import Dispatch
import Glibc
import Synchronization

/// The lines that wait, and what the thread that writes them runs. The sink and its thread hold it.
final class AuditQueue: Sendable {
    /// The most lines that wait, and the most bytes of them.
    static let linesMax = 8192
    static let bytesMax = 1 << 24

    typealias Writer = CheckedContinuation<AuditError?, Never>

    private struct State: Sendable {
        var lines: [[UInt8]] = []
        var writers: [Writer] = []
        var bytes = 0
        var wantsProbe = false
        var wantsReopen = false
        var isEnding = false
        var closers: [CheckedContinuation<Void, Never>] = []
        /// Whether the thread has been woken and hasn't looked since.
        var isAwake = false
        var isFinished = false
        /// What the last write ended with.
        var failure: AuditError?
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    /// Only the thread looks at it, so the lock is always free.
    private let destination: Mutex<any AuditDestination>

    init(_ destination: any AuditDestination) {
        self.destination = Mutex(destination)
    }

    var waitingCount: Int { state.withLock { $0.lines.count } }

    /// Queues a line, or refuses it at once.
    func submit(_ line: [UInt8], _ writer: Writer) {
        let refusal: AuditError? = change { state in
            guard !state.isEnding else { return .closed }
            guard state.lines.count < Self.linesMax, state.bytes + line.count <= Self.bytesMax else { return .full }
            state.lines.append(line)
            state.writers.append(writer)
            state.bytes += line.count
            return nil
        }
        if let refusal { writer.resume(returning: refusal) }
    }

    /// What the last write failed with; if it did, the thread tries again.
    func askAgain() -> AuditError? {
        let known: AuditError? = state.withLock { $0.isEnding ? .closed : $0.failure }
        if known != nil { change { $0.wantsProbe = true } }
        return known
    }

    func reopen() {
        change { $0.wantsReopen = true }
    }

    /// Ends the thread once everything is written; `closer` hears when.
    func end(_ closer: CheckedContinuation<Void, Never>?) {
        let isFinished = change { state in
            state.isEnding = true
            if !state.isFinished, let closer { state.closers.append(closer) }
            return state.isFinished
        }
        if isFinished { closer?.resume() }
    }

    /// Changes the state and wakes the thread.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, isAwake) = state.withLock { state in
            let result = body(&state)
            defer { state.isAwake = true }
            return (result, state.isAwake)
        }
        if !isAwake { work.signal() }
        return result
    }

    /// What the thread does until it is told to end.
    func run() {
        Self.blockSignals()
        while true {
            work.wait()
            let turn = state.withLock { state in
                let turn = state
                state = State(isEnding: turn.isEnding, failure: turn.failure)
                return turn
            }
            if turn.wantsReopen { destination.withLock { $0.release() } }
            if !turn.lines.isEmpty {
                let outcomes = destination.withLock { $0.write(turn.lines) }
                // A line that is too long says nothing about the next one.
                if let last = outcomes.last(where: { $0 != .lineTooLong }) { state.withLock { $0.failure = last } }
                for (writer, outcome) in zip(turn.writers, outcomes) { writer.resume(returning: outcome) }
            } else if turn.wantsProbe {
                let outcome = destination.withLock { $0.probe() }
                state.withLock { $0.failure = outcome }
            }
            if turn.isEnding { return finish(turn.closers) }
        }
    }

    private func finish(_ closers: [CheckedContinuation<Void, Never>]) {
        destination.withLock { $0.release() }
        let late = state.withLock { state in
            state.isFinished = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers + late { closer.resume() }
    }

    /// Where a reader has gone or a file may not grow, the call shall fail: the signal would end the process. Both are
    /// sent to the thread that made the call.
    private static func blockSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
