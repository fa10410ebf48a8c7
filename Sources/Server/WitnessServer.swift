public import Authority
import HTTPTypes
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
public import Witnessing

/// Serves a witness over HTTP/1.1 until it is told to stop (C2SP tlog-witness).
public struct WitnessServer: Service {
    /// Few logs ask, each about once a second: far below what `serve` allows.
    private static let connectionsMax = 256
    private static let receivingSeconds = 10
    private static let answeringSeconds = 10

    private let responder: WitnessResponder
    private let listen: ListenAddress
    private let logger: Logger
    private let onReady: @Sendable (ListenAddress) -> Void

    /// Serves `witness` on `listen`; `onReady` is called once with the address that was bound.
    public init(
        witness: Witness,
        listen: ListenAddress,
        logger: Logger,
        onReady: @escaping @Sendable (ListenAddress) -> Void
    ) {
        responder = WitnessResponder(witness: witness, logger: logger)
        self.listen = listen
        self.logger = logger
        self.onReady = onReady
    }

    /// Runs until the surrounding service group shuts down. Throws ``ListenFailure`` when the address can't be bound.
    public func run() async throws {
        // The connections' tasks stay on Swift's pool: they wait for the disk, which the loop must not.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = HTTP1Channel(
            responder: { [responder] request, writer, _ in
                let response = await responder.respond(to: request)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(
                additionalChannelHandlers: [
                    ConnectionGuard(
                        receivingSeconds: Self.receivingSeconds,
                        answeringSeconds: Self.answeringSeconds
                    )
                ],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 1 << 14,
                    maxHeaderListSize: 1 << 14,
                    maxHeaderFieldCount: 100
                )
            )
        )
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(listen.host, port: listen.port),
                backlog: 256,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsMax)
            ),
            onServerRunning: { [onReady, listen] channel in
                onReady(listen.bound(to: channel.localAddress?.port ?? listen.port))
            },
            eventLoopGroup: loops,
            logger: logger
        )
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListenFailure(address: listen, errorNumber: error.errnoCode)
        }
    }
}
