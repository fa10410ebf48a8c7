import ArgumentParser
import Authority
import Transparency

/// `mayfly backup FILE`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the log's database, also while a server writes it.",
        discussion:
            "The copy is one file of one moment. Keys and configuration are not in it: copy them once, elsewhere."
    )

    @Argument(help: "The file to make.")
    var file: String

    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    func run() async throws {
        do throws(AuthorityError) {
            let files = ConfigurationFiles(main: config, identity: nil)
            let size = try await DataDirectory(path: directory).backUp(to: file, files: files)
            print("Wrote \(file): \(size) entries, checked as a start checks them")
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}
