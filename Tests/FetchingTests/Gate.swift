import Synchronization

/// Opens once; tasks wait for it without holding a thread.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Opens a gate when it has been struck so many times.
final class Counter: Sendable {
    let gate = Gate()
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func strike() {
        let isDone = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isDone { gate.open() }
    }
}
