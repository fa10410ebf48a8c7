import ArgumentParser
import Authority
import Transparency

/// `mayfly backup FILE`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the logs' databases, also while a server writes them.",
        discussion:
            "Each copy is one file of one moment; the record log's has `.record-log` behind its name. Keys and configuration are not "
            + "in them: copy them once, elsewhere."
    )

    @Argument(help: "The file to make; the record log's is made beside it.")
    var file: String

    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    func run() async throws {
        do throws(AuthorityError) {
            let files = ConfigurationFiles(main: config, identity: nil)
            for copy in try await DataDirectory(path: directory).backUp(to: file, files: files) {
                print("Wrote \(copy.file): \(copy.size) entries, checked as a start checks them")
            }
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}
