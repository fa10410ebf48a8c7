import ArgumentParser
import Authority
import CertificateLog
import Certificates
import Log
import Records
import Transparency

/// `mayfly log show INDEX`
struct LogShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an entry: what it certifies, what was decided, and the proof that it is in the log.",
        discussion: """
            The leaf hash is computed from the entry, and its proof is checked against the newest checkpoint, whose \
            signature is checked with --log-key. Exit code 0 when all of it holds, 1 when there is no such entry, 2 \
            when something is wrong.
            """
    )

    @OptionGroup var options: LogOptions

    @Argument(help: "The entry's index, from 0.")
    var index: UInt64

    @Option(help: "The log's public key, in PEM; without it, log/log.pub of the data directory.")
    var logKey: String?

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "The logged certificate and its issuers in PEM, and nothing else.")
    var pem = false

    func validate() throws {
        if json, pem { throw ValidationError("--json and --pem exclude one another") }
    }

    func run() async throws {
        let (log, embedded) = try options.openEmbedded()
        let head = try await LogHead(of: embedded, key: try options.publicKey(logKey))
        guard head.tree.size.contains(LeafIndex(index)) else {
            _ = LogFailure.exit("couldn't find entry \(index): the log has \(head.tree.size) entries, from 0 on")
            throw ExitCode(1)
        }
        let entry: ShownEntry
        do {
            entry = try await ShownEntry(LeafIndex(index), of: log, embedded, head: head)
        } catch {
            throw LogFailure.exit("couldn't show entry \(index): \(error)")
        }
        if pem {
            print(entry.pem, terminator: "")
        } else if json {
            print(PlainText.json(entry.json))
        } else {
            print(entry.lines.joined(separator: "\n"))
        }
    }
}
