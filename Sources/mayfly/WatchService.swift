import Logging
import Monitoring
import ServiceLifecycle

/// Looks at the log, waits, and looks again until it is told to stop.
struct WatchService: Service {
    let watcher: Watcher
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var watch = watcher.watch
            while !Task.isCancelled {
                do throws(MonitoringError) {
                    let round = try await watch.round()
                    report(round)
                } catch {
                    if !Task.isCancelled { logger.error("couldn't check the log", metadata: ["problem": "\(error)"]) }
                }
                try? await Task.sleep(for: watcher.interval)
            }
        }
    }

    private func report(_ round: LogWatch.Round) {
        logger.log(
            level: round.alertCount > 0 ? .warning : .info,
            "looked at the log",
            metadata: [
                "size": "\(round.size.map(\.description) ?? "unknown")", "entries": "\(round.entryCount)",
                "alerts": "\(round.alertCount)",
            ]
        )
    }
}
