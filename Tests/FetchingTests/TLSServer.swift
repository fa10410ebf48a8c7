import Foundation

/// Certificates and a TLS server made by the `openssl` command, which shares no code with what is tested.
final class TLSServer {
    let port: Int
    let authority: [UInt8]
    let otherAuthority: [UInt8]
    private let folder: URL
    private let server: Process

    var url: String { "https://127.0.0.1:\(port)" }

    /// Starts a server whose certificate is for this subject alternative name; it serves the file `keys`.
    init(name: String = "IP:127.0.0.1", days: String = "2") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for authority in ["ca", "other"] {
            try Self.openssl(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(authority).key -out \(authority).pem "
                    + "-days 2 -subj /O=\(authority) -addext basicConstraints=critical,CA:TRUE "
                    + "-addext keyUsage=critical,keyCertSign"
            )
        }
        try Self.openssl(
            folder,
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server"
        )
        try "subjectAltName=\(name)\nextendedKeyUsage=serverAuth\n".write(
            to: folder.appending(path: "server.ext"),
            atomically: true,
            encoding: .utf8
        )
        try Self.openssl(
            folder,
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days \(days) -extfile server.ext -out server.pem"
        )
        try "the keys".write(to: folder.appending(path: "keys"), atomically: true, encoding: .utf8)
        authority = [UInt8](try Data(contentsOf: folder.appending(path: "ca.pem")))
        otherAuthority = [UInt8](try Data(contentsOf: folder.appending(path: "other.pem")))

        server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = "openssl s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -WWW"
            .split(separator: " ").map(String.init)
        server.currentDirectoryURL = folder
        server.standardInput = Pipe()
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        port = try Self.port(from: output.fileHandleForReading)
    }

    deinit {
        // Not `terminate()`: the child inherits the blocked signals of the thread that started it.
        kill(server.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Reads up to the line `ACCEPT 127.0.0.1:12345`.
    private static func port(from handle: FileHandle) throws -> Int {
        var text = ""
        while true {
            let part = handle.availableData
            guard !part.isEmpty else { throw POSIXError(.ECHILD) }
            text += String(decoding: part, as: UTF8.self)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .first { $0.hasPrefix("ACCEPT") }
            if let port = line?.split(separator: ":").last.flatMap({ Int($0) }) { return port }
        }
    }

    private static func openssl(_ folder: URL, _ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw POSIXError(.ECHILD) }
    }
}
