public import Settings

/// The section `audit` of the configuration: where lines go, and what happens when one can't.
public struct AuditSettings: Sendable, Equatable {
    /// Where lines go.
    public enum Destination: Sendable, Equatable {
        /// To the end of a file; with `isSynced` each is on the disk before anybody is told that it is written.
        case file(path: String, isSynced: Bool)
        /// To standard output.
        case standardOutput
        /// To the daemon behind this Unix datagram socket.
        case syslog(SyslogFacility, socket: String)
    }

    /// Where lines go.
    public let destination: Destination
    /// Whether nothing may be issued without a line.
    public let isRequired: Bool

    init(destination: Destination, isRequired: Bool) {
        self.destination = destination
        self.isRequired = isRequired
    }

    /// Reads the section; `resolve` makes a path that is relative to the configuration one from anywhere.
    /// Throws what is wrong with it, with the line.
    public init(_ node: SettingsNode, resolve: (String) -> String) throws(SettingsError) {
        let section = try node.object(known: ["file", "stdout", "syslog", "sync", "required"])
        isRequired = try section["required"]?.bool() ?? false
        let sync = section["sync"]
        let isSynced = try sync?.bool() ?? false
        switch (section["file"], section["stdout"], section["syslog"]) {
        case (let file?, nil, nil):
            let path = try file.string()
            guard !path.isEmpty else { throw file.invalid("must be a path") }
            destination = .file(path: resolve(path), isSynced: isSynced)
        case (nil, let standardOutput?, nil):
            guard try standardOutput.bool() else { throw standardOutput.invalid("must be true, or absent") }
            destination = .standardOutput
        case (nil, nil, let syslog?):
            destination = try Self.syslog(syslog, resolve: resolve)
        default:
            throw node.invalid("must have exactly one of file, stdout and syslog")
        }
        if let sync, isSynced {
            guard case .file = destination else { throw sync.invalid("is for a file only") }
        }
    }

    private static func syslog(
        _ node: SettingsNode,
        resolve: (String) -> String
    ) throws(SettingsError) -> Destination {
        let section = try node.object(known: ["facility", "socket"])
        var facility = SyslogFacility.authpriv
        if let name = section["facility"] {
            guard let named = SyslogFacility(rawValue: try name.string()) else {
                let names = SyslogFacility.allCases.map(\.rawValue).joined(separator: ", ")
                throw name.invalid("must be one of \(names)")
            }
            facility = named
        }
        guard let socket = section["socket"] else { return .syslog(facility, socket: "/dev/log") }
        let path = resolve(try socket.string())
        guard (1...SyslogSocket.pathBytesMax).contains(path.utf8.count) else {
            throw socket.invalid("must be a path of at most \(SyslogSocket.pathBytesMax) bytes")
        }
        return .syslog(facility, socket: path)
    }
}
