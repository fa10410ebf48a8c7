import Foundation
import Wire

/// Alerts on the standard input of a program, started once for each.
public struct CommandChannel: AlertChannel {
    private static let secondsMax = 30

    /// See ``AlertChannel/name``.
    public let name = "the command"
    private let program: String
    private let arguments: [String]

    /// Starts `program`, a path, with these arguments and without a shell.
    public init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// See ``AlertChannel/deliver(_:)``. The program must end with 0 within 30 seconds; after that it is killed.
    public func deliver(_ alert: Alert) async throws(MonitoringError) {
        let input = try Self.file(with: alert.json.encoded() + [UInt8(ascii: "\n")])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle(fileDescriptor: input, closeOnDealloc: true)
        let isStarted = await withCheckedContinuation { (ended: CheckedContinuation<Bool, Never>) in
            process.terminationHandler = { _ in ended.resume(returning: true) }
            do {
                try process.run()
                let number = process.processIdentifier
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.secondsMax)) {
                    if process.isRunning { kill(number, SIGKILL) }
                }
            } catch {
                process.terminationHandler = nil
                ended.resume(returning: false)
            }
        }
        guard isStarted else { throw .undelivered(channel: name, problem: "it couldn't be started") }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw .undelivered(channel: name, problem: "it ended with \(process.terminationStatus)")
        }
    }

    /// A file without a name: a pipe would make us wait for a program that doesn't read, or end us when it goes.
    private static func file(with bytes: [UInt8]) throws(MonitoringError) -> Int32 {
        var name = Array("\(FileManager.default.temporaryDirectory.path)/alert-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw .file(path: "alert", code: errno) }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard write(descriptor, bytes, bytes.count) == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 else {
            let code = errno
            close(descriptor)
            throw .file(path: "alert", code: code)
        }
        return descriptor
    }
}
