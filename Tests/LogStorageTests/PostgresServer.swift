import Foundation
import Synchronization

@testable import LogStorage

/// A PostgreSQL server of this process, see `scripts/postgres`. One serves all tests, each in a schema of its own; those
/// that need other settings, or stop it, start another.
final class PostgresServer: Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private let process: Process
    /// The server ends when this is closed: with the object, or with this process.
    private let orders: FileHandle
    private let answers: FileHandle
    let address: String

    static let shared = Result { try PostgresServer() }
    private static let schemas = Atomic(0)

    init(settings: [String] = []) throws {
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/postgres").standardizedFileURL
        process.arguments = settings
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        orders = input.fileHandleForWriting
        answers = output.fileHandleForReading
        address = try Self.line(from: answers)
    }

    deinit {
        try? orders.close()
        process.waitUntilExit()
    }

    /// Ends the server as a crash would, or starts it again; returns when that is done.
    func order(_ order: String) throws {
        try orders.write(contentsOf: Data("\(order)\n".utf8))
        guard try Self.line(from: answers) == order else { throw Failed(description: "\(order) was not done") }
    }

    /// A new, empty schema, and the way there; its name is also the application's, to tell connections apart by.
    func newSource() throws -> DataSourceName {
        let schema = "test\(Self.schemas.add(1, ordering: .relaxed).newValue)"
        let connection = try PostgresConnection(to: source())
        _ = try connection.run(PostgresCall(once: "CREATE SCHEMA \(schema)"))
        return try source(options: "?options=-csearch_path%3D\(schema)&application_name=\(schema)")
    }

    /// The way to the server's first schema, or another one.
    func source(options: String = "") throws -> DataSourceName {
        guard let source = DataSourceName(path: "dsn", contents: Array((address + options).utf8)) else {
            throw Failed(description: "no address")
        }
        return source
    }

    private static func line(from handle: FileHandle) throws -> String {
        var line: [UInt8] = []
        while let byte = try handle.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        throw Failed(description: "the server has ended; its reason is on standard error")
    }
}
