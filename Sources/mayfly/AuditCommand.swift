import ArgumentParser
import Fetching
import Glibc
import Logging
import Monitoring
import ServiceLifecycle

/// `mayfly audit`: the monitor of a security team.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Follow a log from another machine, and tell somebody when something unexpected is in it.",
        discussion: """
            docs/monitoring.md says how to set it up. With --once the exit code is for cron: 0, nothing found; 1, \
            something found and told; 2, the log couldn't be checked or somebody couldn't be told.
            """
    )

    @Option(help: "The configuration, YAML.")
    var config: String

    @Flag(help: "Look once and end, instead of for ever.")
    var once = false

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        let watcher: Watcher
        do throws(LogCheckFailure) {
            watcher = try Watcher(configuration: config, fetcher: fetcher)
        } catch {
            throw error.exit()
        }
        defer { watcher.close() }
        guard once else { return try await follow(watcher) }
        var watch = watcher.watch
        let round: LogWatch.Round
        do throws(MonitoringError) {
            round = try await watch.round()
        } catch {
            throw LogCheckFailure.monitoring(error).exit()
        }
        if round.alertCount > 0 { throw ExitCode(1) }
    }

    private func follow(_ watcher: Watcher) async throws {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .info) }
        let logger = Logger(label: "mayfly")
        let service = WatchService(watcher: watcher, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
        logger.info("stopped")
    }
}
