import ArgumentParser
import Authority
import Log
import Transparency

/// `mayfly log export DIR`
struct LogExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as files that any web server can serve (C2SP static-ct-api).",
        discussion: """
            What is copied is checked against the signed checkpoint. Files that are there already are kept: a second \
            export, or one that was broken off, writes what is missing. The checkpoint comes last.
            """
    )

    @OptionGroup var options: LogOptions

    @Argument(help: "The folder to write; one of an earlier export is brought up to date.")
    var folder: String

    @Option(help: "The log's public key, in PEM; without it, log/log.pub of the data directory.")
    var logKey: String?

    func run() async throws {
        let (_, log) = try options.openEmbedded()
        let key = try options.publicKey(logKey)
        let head = try await LogHead(of: log, key: key)
        let export = LogExport(log: log, key: key, head: head, folder: ExportFolder(path: folder))
        do {
            let written = try await export.run(Progress())
            print("Exported \(head.tree.size) entries to \(folder): \(written) files written")
        } catch {
            throw LogFailure.exit("couldn't export the log: \(error)")
        }
    }
}
