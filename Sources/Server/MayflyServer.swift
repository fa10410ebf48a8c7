public import Authority
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves an authority over HTTP/1.1 until it is told to stop; requests in flight are finished first.
public struct MayflyServer: Service {
    private let authority: Authority
    private let listen: ListenAddress
    private let logger: Logger
    private let onReady: @Sendable (ListenAddress) -> Void

    /// Serves `authority` on `listen`; `onReady` is called once with the address that was bound.
    public init(
        authority: Authority, listen: ListenAddress, logger: Logger,
        onReady: @escaping @Sendable (ListenAddress) -> Void
    ) {
        self.authority = authority
        self.listen = listen
        self.logger = logger
        self.onReady = onReady
    }

    /// Runs until the surrounding service group shuts down. Throws when the address can't be bound.
    public func run() async throws {
        let limits = authority.limits
        // One loop: it only moves bytes, and the crypto workers need the cores.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let application = Application(
            responder: APIResponder(authority: authority, metrics: ServerMetrics()),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionGuard(
                            receivingSeconds: limits.requestSeconds, answeringSeconds: limits.responseSeconds)
                    ],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax)),
            onServerRunning: { [onReady, listen] channel in
                let port = channel.localAddress?.port ?? listen.port
                onReady(listen.bound(to: port))
            },
            eventLoopGroupProvider: .shared(loops),
            logger: logger)
        // Hummingbird's tasks run on the loop itself: what they do between two awaits is short, and each hop they would
        // otherwise make to Swift's pool and back costs a wake-up.
        try await withTaskExecutorPreference(EventLoopExecutor(loop: loops.next())) {
            try await application.run()
        }
    }
}
