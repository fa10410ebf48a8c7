import ArgumentParser
import Authority
import Certificates
import Fetching
import Glibc
import Keys
import Monitoring
import Transparency

/// `mayfly log verify`: does the log keep its promises?
struct LogVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute a whole log, and check every certificate in it.",
        discussion: """
            Of a data directory (--data DIR), of exported files, or of a running server (its address with /ct), which \
            isn't trusted: everything is compared with what the log's key has signed. Exit code 0: nothing found; 1: \
            something found; 2: the log couldn't be checked.
            """
    )

    @Argument(help: "A folder with an exported log, or a log's URL such as https://ca.example.com/ct.")
    var source: String?

    @Option(name: .customLong("data"), help: "A data directory, instead; a server may be at work on it.")
    var directory: String?

    @Option(help: "The log's public key, in PEM: it must have reached you another way than the log.")
    var key: String?

    @Option(help: "The log's name; by default the one that it has signed.")
    var origin: String?

    @Option(help: "The file with the last checkpoint seen, which the log must extend; made when it isn't there.")
    var state: String?

    @Option(help: "The CA certificates that may be in the log, in PEM; by default all that hold together.")
    var roots: String?

    @Option(help: "The CAs that may have signed the server's TLS certificate, in PEM, in place of the system's.")
    var tlsCA: String?

    @Option(
        name: .customLong("certificate"),
        help: "A certificate with its chain, in PEM, whose promise the log must have kept; may be repeated."
    )
    var certificates: [String] = []

    @Flag(name: .customLong("record-log"), help: "Of a data directory, its record log: entries, tiles and signed root.")
    var isOfRecordLog = false

    func validate() throws {
        guard !isOfRecordLog || directory != nil && source == nil else {
            throw ValidationError("--record-log needs --data")
        }
    }

    func run() async throws {
        if isOfRecordLog, let directory { return try verifyRecordLog(of: DataDirectory(path: directory)) }
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        let isSound: Bool
        do throws(LogCheckFailure) {
            isSound = try await LogVerification(self, fetcher: fetcher).run()
        } catch {
            throw error.exit()
        }
        if !isSound { throw ExitCode(1) }
    }

    private func verifyRecordLog(of directory: DataDirectory) throws {
        do throws(AuthorityError) {
            var pinned: PublicKey?
            if let key { pinned = try OfflineLog.publicKey(key, of: directory) }
            print("The record log holds: \(try directory.verifyRecordLog(key: pinned)) entries")
        } catch {
            guard case .record(.log(.damaged)) = error else { throw LogFailure.exit(error) }
            throw CommandFailure.exit(error)
        }
    }
}
