import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// SIGTERM and SIGINT for as long as the process lives: a service group hears them only while it runs, and the server runs
/// one after the other.
final class StopSignal: Sendable {
    private enum Phase {
        /// Nothing is promised to anybody that isn't on the disk: the process may end where it is.
        case opening
        case serving(ServiceGroup)
        /// What was accepted is being finished.
        case closing
    }

    private struct State {
        var phase = Phase.opening
        var isAsked = false
    }

    private let logger: Logger
    private let state = Mutex(State())

    private init(logger: Logger) {
        self.logger = logger
    }

    /// Listens from now on.
    static func watched(_ logger: Logger) async -> StopSignal {
        let stop = StopSignal(logger: logger)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        Task { for await _ in signals { await stop.receive() } }
        return stop
    }

    private func receive() async {
        let group: ServiceGroup? = state.withLock { state in
            state.isAsked = true
            switch state.phase {
            case .opening:
                logger.info("stopped")
                // Others are at work in threads of their own: nothing is to be torn down under them.
                _exit(EXIT_SUCCESS)
            case .serving(let group): return group
            case .closing: return nil
            }
        }
        await group?.triggerGracefulShutdown()
    }

    /// Runs a group, which a signal ends in order.
    func run(_ group: ServiceGroup) async throws {
        state.withLock { $0.phase = .serving(group) }
        defer { state.withLock { $0.phase = .closing } }
        try await group.run()
    }

    /// Whether the server may be opened again: no signal has come. From now on one ends the process at once.
    func beginsOpening() -> Bool {
        state.withLock { state in
            guard !state.isAsked else { return false }
            state.phase = .opening
            return true
        }
    }
}
