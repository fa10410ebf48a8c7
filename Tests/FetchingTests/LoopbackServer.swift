import Foundation
import Synchronization

/// A server on 127.0.0.1 whose answers a test writes byte by byte: a thread accepts, and one thread serves each
/// connection with the closure given.
final class LoopbackServer: Sendable {
    let port: Int
    private let listener: Int32
    private let accepted = Mutex(0)
    private let heads = Mutex<[String]>([])

    /// How many connections have been accepted.
    var connectionCount: Int { accepted.withLock { $0 } }
    /// The heads of all requests so far, each with its blank line.
    var requestHeads: [String] { heads.withLock { $0 } }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Serves until it is released. `serve` is called once for each connection, which is closed when it returns.
    init(serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        let (listener, port) = try Self.listen(backlog: 512)
        self.listener = listener
        self.port = port
        let thread = Thread { [weak self] in
            // This thread closes the listener, nobody else: a number that is closed elsewhere may be another server's
            // by the time it is accepted on.
            defer { Glibc.close(listener) }
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else { return }
                guard let server = self else {
                    Glibc.close(peer)
                    return
                }
                server.accepted.withLock { $0 += 1 }
                let connection = LoopbackConnection(peer) { [weak server] head in
                    server?.heads.withLock { $0.append(head) }
                }
                let worker = Thread {
                    serve(connection)
                    connection.close()
                }
                worker.stackSize = 1 << 18
                worker.start()
            }
        }
        thread.start()
    }

    /// Answers every request on every connection with these bytes.
    convenience init(answering answer: String) throws {
        try self.init { connection in
            while connection.readRequest() != nil { connection.write(answer) }
        }
    }

    deinit {
        // Wakes the accepting thread, which then ends.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A port that nobody listens on.
    static func freePort() throws -> Int {
        let (listener, port) = try listen(backlog: 1)
        Glibc.close(listener)
        return port
    }

    private static func listen(backlog: Int32) throws -> (Int32, Int) {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && Glibc.listen(listener, backlog) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard listener >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// One accepted connection; used by its own thread only, but for `waitForEnd` and `close`.
final class LoopbackConnection: @unchecked Sendable {
    private let socket: Int32
    private let record: (String) -> Void
    private var buffer: [UInt8] = []

    init(_ socket: Int32, record: @escaping (String) -> Void) {
        self.socket = socket
        self.record = record
    }

    /// The next request's head and body; nil when the client has closed the connection.
    func readRequest() -> (head: String, body: [UInt8])? {
        let end = Array("\r\n\r\n".utf8)
        var scanned = 0
        while true {
            if let found = (scanned..<max(scanned, buffer.count - 3)).first(where: { Array(buffer[$0..<$0 + 4]) == end }
            ) {
                let head = String(decoding: buffer[..<(found + 4)], as: UTF8.self)
                let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let count = length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                while buffer.count < found + 4 + count { guard fill() else { return nil } }
                let body = Array(buffer[(found + 4)..<(found + 4 + count)])
                buffer.removeFirst(found + 4 + count)
                record(head)
                return (head, body)
            }
            scanned = max(0, buffer.count - 3)
            guard fill() else { return nil }
        }
    }

    /// Returns when the client has closed its side.
    func waitForEnd() {
        while fill() {}
    }

    @discardableResult func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func close() {
        shutdown(socket, Int32(SHUT_RDWR))
        Glibc.close(socket)
    }

    private func fill() -> Bool {
        var part = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(socket, &part, part.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: part.prefix(count))
        return true
    }
}
