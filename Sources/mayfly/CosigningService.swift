import Logging
import ServiceLifecycle
import Witnessing

/// Has the log's newest checkpoint cosigned, a second after the round before at the earliest.
struct CosigningService: Service {
    private static let pause = Duration.seconds(1)

    let cosigning: Cosigning
    let logger: Logger

    /// Asks until the surrounding service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var blocked: Cosigning.Event?
            while !Task.isCancelled {
                let events = await cosigning.round()
                for event in events where event != blocked { report(event) }
                // What lasts comes with every round, and is said once.
                blocked = events.first { if case .blocked = $0 { true } else { false } }
                // Cancelled when the server stops: then the loop ends.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    private func report(_ event: Cosigning.Event) {
        switch event {
        case .failed(let witness, let problem):
            logger.warning("no cosignature", metadata: ["witness": "\(witness)", "problem": "\(problem)"])
        case .contradicted(let error): logger.critical("a witness contradicts the log", metadata: ["error": "\(error)"])
        case .blocked(let error): logger.error("couldn't have the log cosigned", metadata: ["error": "\(error)"])
        }
    }
}
