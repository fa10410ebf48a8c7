import Glibc

/// A syslog daemon behind a Unix datagram socket. It is connected anew when it has been restarted.
struct SyslogSocket: AuditDestination {
    /// `sockaddr_un` has room for these and a zero.
    static let pathBytesMax = 107

    private let path: String
    /// RFC 5424 §6: `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA `. Time and host are nil: the
    /// daemon fills in its own, and the line has the exact time. The message begins without a byte order mark, which
    /// makes it MSG-ANY: readers of JSON refuse the mark (RFC 8259 §8.1).
    private let header: [UInt8]
    private var descriptor: Descriptor?

    init(path: String, facility: SyslogFacility) {
        self.path = path
        let severity = 6  // informational
        header = Array("<\(facility.code * 8 + severity)>1 - - mayfly \(getpid()) issuance - ".utf8)
    }

    mutating func write(_ lines: [[UInt8]]) -> [AuditError?] {
        var failure: AuditError?
        return lines.map { line in
            // A daemon that doesn't listen is not asked again for each line: one wait for all of them.
            if let failure { return failure }
            let problem = send(header + line)
            if let problem, problem != .lineTooLong {
                failure = problem
                descriptor = nil
            }
            return problem
        }
    }

    mutating func probe() -> AuditError? {
        do throws(AuditError) {
            _ = try current()
            return nil
        } catch {
            return error
        }
    }

    mutating func release() {
        descriptor = nil
    }

    private mutating func send(_ message: [UInt8]) -> AuditError? {
        for isLastTry in [false, true] {
            do throws(AuditError) {
                let descriptor = try current()
                if Glibc.send(descriptor.number, message, message.count, Int32(MSG_NOSIGNAL)) >= 0 { return nil }
                let code = errno
                if code == EMSGSIZE { return .lineTooLong }
                let isGone = [ECONNREFUSED, ECONNRESET, ENOTCONN, EPIPE].contains(code)
                guard isGone, !isLastTry else { return .write(code: code) }
                // Another daemon may listen there by now.
                self.descriptor = nil
            } catch {
                return error
            }
        }
        return .write(code: ECONNREFUSED)
    }

    private mutating func current() throws(AuditError) -> Descriptor {
        if let descriptor { return descriptor }
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard let opened = Descriptor(adopting: socket(AF_UNIX, kind, 0)) else { throw .open(code: errno) }
        // A daemon that hangs mustn't hold us for longer.
        var wait = timeval(tv_sec: Int(AuditSink.waitMilliseconds) / 1000, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(opened.number, SOL_SOCKET, SO_SNDTIMEO, &wait, size) == 0, connect(opened) else {
            throw .open(code: errno)
        }
        descriptor = opened
        return opened
    }

    private func connect(_ descriptor: Descriptor) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(Self.pathBytesMax)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
