public import ArgumentParser
public import Authority
import Glibc
public import Logging
import Server
import ServiceLifecycle
import Synchronization

/// `mayfly serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the authority of a data directory."
    )

    /// For how long an opening with other keys is tried.
    private static let reopeningTime = Duration.seconds(60)

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

        let stop = await StopSignal.watched(logger)
        var address = listen
        var change: KeyChange?
        repeat {
            let opened = try await open(change, logger)
            (change, address) = try await serve(opened, on: address ?? opened.listen, stop, logger)
        } while change != nil && stop.beginsOpening()
        logger.info("stopped")
    }

    /// Opens the data directory. With other keys it is tried again for a while: the old ones have been closed, and a database
    /// on another machine may be away for a moment.
    private func open(_ change: KeyChange?, _ logger: Logger) async throws -> OpenedAuthority {
        let end = ContinuousClock.now + Self.reopeningTime
        var pause = Duration.milliseconds(250)
        while true {
            do throws(AuthorityError) {
                return try await Authority.open(
                    DataDirectory(path: directory),
                    files: ConfigurationFiles(main: config, identity: identityConfig),
                    change: change,
                    now: SystemClock.now
                )
            } catch {
                guard change != nil, ContinuousClock.now + pause < end else { throw CommandFailure.exit(error) }
                logger.error("couldn't open with other keys: trying again", metadata: ["error": "\(error)"])
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(8))
        }
    }

    /// Serves until it is told to stop, or until other keys must be opened: then they and the address that was bound.
    private func serve(
        _ opened: OpenedAuthority,
        on listen: ListenAddress,
        _ stop: StopSignal,
        _ logger: Logger
    ) async throws -> (KeyChange?, ListenAddress) {
        for warning in opened.warnings { logger.warning("\(warning)") }
        let bound = Mutex(listen)
        let server = MayflyServer(
            authority: opened.authority,
            listen: listen,
            logger: logger
        ) { address in
            bound.withLock { $0 = address }
            logger.info("ready", metadata: ["listen": "\(address)", "data": "\(directory)"])
        }
        let generations = GenerationService(authority: opened.authority, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: services(server, generations, opened.authority, logger),
                logger: logger
            )
        )
        do {
            try await stop.run(group)
        } catch {
            await opened.authority.close()
            throw CommandFailure.exit("\(error)", hint: "is the address free, and yours to use?")
        }
        await opened.authority.close()
        return (generations.change, bound.withLock { $0 })
    }

    private func services(
        _ server: MayflyServer,
        _ generations: GenerationService,
        _ authority: Authority,
        _ logger: Logger
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: server), .init(service: ConfigurationWatcher(authority: authority, logger: logger)),
            .init(service: generations, successTerminationBehavior: .gracefullyShutdownGroup),
        ]
        if let cosigning = authority.cosigning {
            services.append(.init(service: CosigningService(cosigning: cosigning, logger: logger)))
        }
        if let trust = authority.trust {
            // The first request finds it there.
            TrustService.look(trust, logger)
            if !trust.isCurrent(authority.trustDocuments) {
                logger.notice("the trust repository doesn't have what is configured: run mayfly trust renew")
            }
            services.append(.init(service: TrustService(trust: trust, logger: logger)))
        }
        return services
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
