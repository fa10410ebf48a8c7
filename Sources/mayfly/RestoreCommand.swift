import ArgumentParser
import Authority
import Transparency

/// `mayfly restore FILE`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a copy of a log's database in place, unless a checkpoint is known that goes further.",
        discussion: """
            The copy is compared with the database that is there, with log/witnessed.checkpoint, with every --checkpoint \
            and with the configured witnesses. An older copy is refused: with it, the log would sign a second tree of a \
            size that it has signed before. The server must be stopped. One file is of one log: the record log's is restored by \
            itself.
            """
    )

    @Argument(help: "The copy, as `mayfly backup` made it.")
    var file: String

    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    @Option(help: "A checkpoint of this log that was kept elsewhere; may be given several times.")
    var checkpoint: [String] = []

    @Flag(help: "Restore also when there is no checkpoint to compare with.")
    var unchecked = false

    func run() async throws {
        do throws(AuthorityError) {
            let restored = try await DataDirectory(path: directory).restore(
                from: file,
                checkpoints: checkpoint,
                files: ConfigurationFiles(main: config, identity: nil),
                isUncheckedAllowed: unchecked
            )
            let newest =
                restored.newestKnown.map { "the newest checkpoint that was found has \($0)" }
                ?? "no checkpoint was found to compare them with"
            print("Restored \(restored.size) entries; \(newest).")
            if let replaced = restored.replaced { print("The database that was there is now \(replaced)") }
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}
