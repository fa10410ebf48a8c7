import Authority
import Logging
import ServiceLifecycle

/// Keeps the TUF repository good: reads what a command has renewed, and signs snapshot and timestamp before they end.
struct TrustService: Service {
    private static let interval = Duration.seconds(2)

    let trust: PublishedTrust
    let logger: Logger

    /// Looks until the surrounding service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                Self.look(trust, logger)
                // Cancelled when the server stops: then the loop ends.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Looks once, and says what came of it.
    static func look(_ trust: PublishedTrust, _ logger: Logger) {
        switch trust.maintain(at: SystemClock.now().seconds) {
        case nil: break
        case .published(let targets, let timestamp):
            logger.notice(
                "trust repository published",
                metadata: ["targets": "\(targets)", "timestamp": "\(timestamp)"]
            )
        case .failed(let error):
            logger.error("couldn't publish the trust repository", metadata: ["error": "\(error)"])
        }
    }
}
