public import Authority
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
        authority: Authority,
        listen: ListenAddress,
        logger: Logger,
        onReady: @escaping @Sendable (ListenAddress) -> Void
    ) {
        self.authority = authority
        self.listen = listen
        self.logger = logger
        self.onReady = onReady
    }

    /// Runs until the surrounding service group shuts down. Throws ``ListenFailure`` when the address can't be bound.
    public func run() async throws {
        // One loop: it only moves bytes, and the crypto workers need the cores.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let responder = APIResponder(authority: authority, logger: logger)
        let channel = HTTP1Channel(
            responder: { request, writer, _ in
                let response = await responder.respond(to: request)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: channelConfiguration
        )
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(listen.host, port: listen.port),
                backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(authority.limits.connectionsMax)
            ),
            onServerRunning: { [onReady, listen] channel in
                onReady(listen.bound(to: channel.localAddress?.port ?? listen.port))
            },
            eventLoopGroup: loops,
            logger: logger
        )
        // The connections' tasks run on the loop itself: what they do between two awaits is short, and each hop to
        // Swift's pool and back would cost a wake-up.
        try await withTaskExecutorPreference(EventLoopExecutor(loop: loops.next())) {
            do {
                try await server.run()
            } catch let error as IOError {
                throw ListenFailure(address: listen, errorNumber: error.errnoCode)
            }
        }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        let limits = authority.limits
        return .init(
            additionalChannelHandlers: [
                ConnectionGuard(receivingSeconds: limits.requestSeconds, answeringSeconds: limits.responseSeconds)
            ],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytesMax,
                maxHeaderListSize: limits.headerBytesMax,
                maxHeaderFieldCount: 100
            )
        )
    }
}
