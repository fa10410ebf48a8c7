import Foundation
import TestKit
import Testing

@testable import Audit

@Suite("RFC 5424: the audit record as syslog messages")
struct SyslogTests {
    private let folder: ScratchFolder
    private let settings: AuditSettings

    init() throws {
        folder = try ScratchFolder()
        settings = AuditSettings(destination: .syslog(.local3, socket: folder.path("log")), isRequired: true)
    }

    @Test func messageHasHeaderAndLine() async throws {
        let daemon = try SyslogDaemon(folder.path("log"))
        let sink = try AuditSink.open(settings)
        try await sink.write(Array("{\"subject\":\"é\"}".utf8))
        #expect(daemon.next() == "<158>1 - - mayfly \(getpid()) issuance - {\"subject\":\"é\"}")
        await sink.close()
    }

    @Test func restartedDaemonGetsTheNextLine() async throws {
        var daemon: SyslogDaemon? = try SyslogDaemon(folder.path("log"))
        let sink = try AuditSink.open(settings)
        try await sink.write(Array("1".utf8))
        _ = daemon?.next()
        daemon = nil
        await #expect(throws: AuditError.open(code: ENOENT)) { try await sink.write(Array("2".utf8)) }
        #expect(throws: AuditError.open(code: ENOENT)) { try sink.checkReady() }
        let restarted = try SyslogDaemon(folder.path("log"))
        while (try? sink.checkReady()) == nil { await Task.yield() }
        try await sink.write(Array("3".utf8))
        #expect(restarted.next().hasSuffix(" - 3"))
        await sink.close()
    }

    @Test func daemonThatWasReplacedBetweenTwoLinesLosesNone() async throws {
        var daemon: SyslogDaemon? = try SyslogDaemon(folder.path("log"))
        let sink = try AuditSink.open(settings)
        try await sink.write(Array("1".utf8))
        daemon = nil
        daemon = try SyslogDaemon(folder.path("log"))
        try await sink.write(Array("2".utf8))
        #expect(daemon?.next().hasSuffix(" - 2") == true)
        await sink.close()
    }

    @Test func everyLineOfAGroupIsADatagram() async throws {
        let daemon = try SyslogDaemon(folder.path("log"))
        var socket = SyslogSocket(path: folder.path("log"), facility: .authpriv)
        #expect(socket.write((1...5).map { Array("\($0)".utf8) }) == [nil, nil, nil, nil, nil])
        #expect((1...5).map { _ in daemon.next().last } == ["1", "2", "3", "4", "5"])
    }

    @Test func lineThatNoDatagramTakesIsAnErrorOfItsOwn() throws {
        let daemon = try SyslogDaemon(folder.path("log"))
        var socket = SyslogSocket(path: folder.path("log"), facility: .authpriv)
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(socket.write([Array("1".utf8), long, Array("2".utf8)]) == [nil, .lineTooLong, nil])
        #expect((1...2).map { _ in daemon.next().last } == ["1", "2"])
    }

    @Test func nobodyListeningIsAnErrorAtOnce() {
        #expect(throws: AuditError.open(code: ENOENT)) { try AuditSink.open(settings) }
    }
}

/// The receiving end of `/dev/log`.
private final class SyslogDaemon {
    private let descriptor: Descriptor
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = try #require(Descriptor(adopting: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound)
    }

    deinit {
        unlink(path)
    }

    func next() -> String {
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        let count = recv(descriptor.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
