public import ArgumentParser
public import Authority
import Glibc
public import Logging
import Server
import ServiceLifecycle

/// `mayfly serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the authority of a data directory."
    )

    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "HOST:PORT to listen on, in place of the configuration's; port 0 takes a free one.")
    var listen: ListenAddress?

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    @Option(help: "A Fulcio configuration (YAML or JSON) in place of the configuration's issuer sections.")
    var identityConfig: String?

    @Option(help: "The least level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    func run() async throws {
        let level = logLevel
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level) }
        let logger = Logger(label: "mayfly")
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()

        let target = DataDirectory(path: directory)
        let opened: OpenedAuthority
        do throws(AuthorityError) {
            let files = ConfigurationFiles(main: config, identity: identityConfig)
            opened = try await Authority.open(target, files: files, now: SystemClock.now)
        } catch {
            throw CommandFailure.exit(error)
        }
        for warning in opened.warnings { logger.warning("\(warning)") }
        let watcher = ConfigurationWatcher(authority: opened.authority, logger: logger)

        let server = MayflyServer(
            authority: opened.authority,
            listen: listen ?? opened.listen,
            logger: logger
        ) { address in
            logger.info("ready", metadata: ["listen": "\(address)", "data": "\(target.path)"])
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: server), .init(service: watcher),
        ]
        if let cosigning = opened.authority.cosigning {
            services.append(.init(service: CosigningService(cosigning: cosigning, logger: logger)))
        }
        if let trust = opened.authority.trust {
            // The first request finds it there.
            TrustService.look(trust, logger)
            if !trust.isCurrent(opened.authority.trustDocuments) {
                logger.notice("the trust repository doesn't have what is configured: run mayfly trust renew")
            }
            services.append(.init(service: TrustService(trust: trust, logger: logger)))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            await opened.authority.close()
            throw CommandFailure.exit("\(error)", hint: "is the address free, and yours to use?")
        }
        await opened.authority.close()
        logger.info("stopped")
    }

    /// Each connection takes a descriptor, and the soft limit is often 1024.
    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension ListenAddress: ExpressibleByArgument {
    /// Reads HOST:PORT.
    public init?(argument: String) {
        self.init(argument)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
