import Authority
import Logging
import ServiceLifecycle
import UnixSignals

/// Puts a changed configuration in force: at once on SIGHUP, and within two seconds when a file's content has changed.
///
/// Looking is cheaper than being told: two short files every two seconds, and it also sees a symbolic link that has been
/// turned to another file, which is how Kubernetes changes a mounted ConfigMap.
struct ConfigurationWatcher: Service {
    private static let interval = Duration.seconds(2)

    let authority: Authority
    let logger: Logger

    /// Watches until the surrounding service group shuts down.
    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await reloadOnSignal() }
            group.addTask { await reloadOnChange() }
        }
    }

    private func reloadOnSignal() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // Whoever rotates the sink's file sends this signal too.
            authority.reopenAudit()
            report { () throws(AuthorityError) in try authority.reload() }
        }
    }

    private func reloadOnChange() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Cancelled when the server stops: then the loop ends.
                try? await Task.sleep(for: Self.interval)
                report { () throws(AuthorityError) in try authority.reloadIfChanged() }
            }
        }
    }

    /// Says loudly what came of it.
    private func report(_ reload: () throws(AuthorityError) -> Reload?) {
        do throws(AuthorityError) {
            guard let reload = try reload() else { return }
            logger.notice("configuration reloaded")
            for warning in reload.warnings { logger.warning("\(warning)") }
            for section in reload.sectionsToRestartFor {
                logger.warning("restart to put this section in force", metadata: ["section": "\(section)"])
            }
        } catch {
            logger.error("couldn't reload: the old configuration stays in force", metadata: ["error": "\(error)"])
        }
    }
}
