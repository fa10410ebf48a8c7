import Dispatch
import Synchronization

@testable import Audit

/// A destination that keeps lines in memory, holds the first write back until a test lets it go, and fails on demand.
final class Gate: Sendable {
    let writes = Mutex<[[[UInt8]]]>([])
    let failure = Mutex<AuditError?>(nil)
    private let holds = DispatchSemaphore(value: 0)
    private let arrival = AsyncStream<Void>.makeStream()

    /// Waits until a write is under way.
    func entered() async {
        for await _ in arrival.stream { return }
    }

    func open() {
        holds.signal()
    }

    fileprivate func pass() {
        arrival.continuation.yield()
        holds.wait()
        holds.signal()
    }
}

struct GatedDestination: AuditDestination {
    let gate: Gate

    mutating func write(_ lines: [[UInt8]]) -> [AuditError?] {
        gate.pass()
        gate.writes.withLock { $0.append(lines) }
        let failure = gate.failure.withLock { $0 }
        return lines.map { _ in failure }
    }

    mutating func probe() -> AuditError? { gate.failure.withLock { $0 } }

    mutating func release() {}
}
