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
            var last: Cosigning.Event?
            while !Task.isCancelled {
                for event in await cosigning.round() {
                    if event != last { report(event) }
                    last = event
                }
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
