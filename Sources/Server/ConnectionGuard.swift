import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Closes what takes too long, and answers in JSON what isn't HTTP.
///
/// A connection is always in one of two states, each with a deadline that traffic doesn't move: *receiving*, from the
/// moment a request may come until its last byte, and *answering*, from then until the answer's last byte is written.
/// So a client that sends or reads a byte now and then gains nothing (slow senders, idle connections).
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let receiving: TimeAmount
    private let answering: TimeAmount
    private var deadline: Scheduled<Void>?
    private var isAnswerOwed = false
    private var isRefused = false

    init(receivingSeconds: Int, answeringSeconds: Int) {
        receiving = .seconds(Int64(receivingSeconds))
        answering = .seconds(Int64(answeringSeconds))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { arm(receiving, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        arm(receiving, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head: isAnswerOwed = true
        case .end: arm(answering, context)
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            isAnswerOwed = false
            arm(receiving, context)
        }
        context.write(data, promise: promise)
    }

    /// A request that can't be read is refused here, unless an answer is under way: then the connection just ends.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard !isRefused else { return }
        isRefused = true
        guard !isAnswerOwed else { return context.close(promise: nil) }
        let refusal: Refusal =
            switch error {
            case .headerOverflow: .headerTooLarge
            case .invalidMethod: .wrongMethod
            default: .requestMalformed
            }
        let body = ByteBuffer(bytes: refusal.body)
        let head = HTTPResponse(
            status: refusal.status,
            headerFields: [
                .contentType: "application/json", .contentLength: "\(body.readableBytes)", .connection: "close",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        // The peer may still be sending what we don't read; half-closing lets it see the answer before the reset.
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
        arm(.seconds(1), context)
    }

    private func arm(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
