import ArgumentParser
import Authority
import Keys

/// Which log a command reads.
struct LogOptions: ParsableArguments {
    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    @Option(help: "The number of the log's shard, after its key was exchanged; default: the one in use.")
    var shard: Int?

    /// The log and the records. Throws the exit code after printing why not.
    func open() throws(ExitCode) -> OfflineLog {
        do {
            return try OfflineLog(DataDirectory(path: directory), configuration: config, shard: shard)
        } catch {
            throw LogFailure.exit(error)
        }
    }

    /// The log itself.
    func openEmbedded() throws(ExitCode) -> (OfflineLog, OfflineLog.Embedded) {
        let log = try open()
        guard let embedded = log.embedded else {
            throw LogFailure.exit(
                "couldn't read a log in \(directory): another's is configured (`ct-log`)",
                hint: "`mayfly log search` reads the records of what was put into it"
            )
        }
        return (log, embedded)
    }

    /// The public key of a file, or the directory's own.
    func publicKey(_ file: String?) throws(ExitCode) -> PublicKey {
        let file = if let file { file } else { try open().publicKeyFile }
        do {
            return try OfflineLog.publicKey(file, of: DataDirectory(path: directory))
        } catch {
            throw LogFailure.exit(error)
        }
    }
}

/// Ends a command that reads a log: as ``CommandFailure``, with exit code 2, for 1 says that nothing was found.
enum LogFailure {
    private static let code = ExitCode(2)

    static func exit(_ error: AuthorityError) -> ExitCode {
        _ = CommandFailure.exit(error)
        return code
    }

    static func exit(_ sentence: String, hint: String? = nil) -> ExitCode {
        _ = CommandFailure.exit(sentence, hint: hint)
        return code
    }
}
