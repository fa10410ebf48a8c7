import ArgumentParser
import Authority
import TrustRoot

/// `mayfly trust export DIR`
struct TrustExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all that clients need into a folder, with a README that says which file is for whom.",
        discussion: "No private key is read, and nothing in the data directory is changed."
    )

    @Argument(help: "The folder to write; files that are there are replaced.")
    var folder: String

    @OptionGroup var options: TrustOptions

    @Option(help: "Where clients reach the server, in place of the configuration's base-url.")
    var url: ServiceURL?

    func run() throws {
        let export: TrustExport
        do throws(AuthorityError) {
            export = try options.target.trustExport(
                files: options.files,
                url: url,
                at: SystemClock.now().seconds
            )
        } catch {
            throw CommandFailure.exit(error)
        }
        let files = export.files
        let target = ExportFolder(path: folder)
        do {
            for (path, bytes) in files { try target.put(bytes, as: path) }
        } catch {
            throw CommandFailure.exit("\(error)")
        }
        target.sync()
        print("Wrote \(files.count) files to \(folder): \(folder)/README.md says which is for whom")
    }
}
