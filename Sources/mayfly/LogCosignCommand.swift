import ArgumentParser
import Authority
import Files
import Transparency
import Witnessing

/// `mayfly log cosign FILE`
struct LogCosignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Publish a checkpoint that witnesses behind an air gap have cosigned.",
        discussion: """
            With --request, FILE is written: the log's newest checkpoint, and the proof that it continues what the \
            witnesses know. Carry it to each of them for `mayfly witness sign FILE`, bring it back, and run this command \
            without --request. The server may be running; it takes the checkpoint over within seconds.
            """
    )

    @Argument(help: "The file on the removable medium.")
    var file: String

    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    @Flag(help: "Write FILE instead of reading it.")
    var request = false

    @Option(help: "With --request: the size of the tree that the witness knows, as `mayfly witness sign` says it.")
    var from: UInt64?

    func validate() throws {
        guard from == nil || request else { throw ValidationError("--from belongs to --request") }
    }

    func run() async throws {
        let target = DataDirectory(path: directory)
        let files = ConfigurationFiles(main: config, identity: nil)
        let path = file
        let old = from.map(TreeSize.init)
        do throws(AuthorityError) {
            if request {
                let made = try await Authority.withCosigning(target, files: files) {
                    cosigning throws(CosigningError) in
                    try await cosigning.carriedRequest(from: old)
                }
                try write(made)
                print("Wrote \(path): carry it to each witness, run `mayfly witness sign` on it, and bring it back.")
            } else {
                let carried = try read()
                let size = try await Authority.withCosigning(target, files: files) {
                    cosigning throws(CosigningError) in
                    try await cosigning.publish(carried, from: path)
                }
                print("Published the witnessed checkpoint of \(size) entries: \(target.witnessedCheckpoint)")
            }
        } catch {
            throw CommandFailure.exit(error)
        }
    }

    private func write(_ request: AddCheckpointRequest) throws(AuthorityError) {
        do { try WholeFile.replace(file, with: request.encoded) } catch {
            throw .witness(.file(path: file, problem: "\(error)"))
        }
    }

    private func read() throws(AuthorityError) -> AddCheckpointRequest {
        do { return try AddCheckpointRequest(file: file) } catch { throw .witness(error) }
    }
}

extension AddCheckpointRequest {
    /// Reads a request from a removable medium. Throws `.file`.
    init(file: String) throws(CosigningError) {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(file) } catch { throw .file(path: file, problem: "\(error)") }
        guard let bytes else { throw .file(path: file, problem: "it doesn't exist") }
        do { try self.init(encoded: bytes) } catch {
            throw .file(path: file, problem: "it isn't what `mayfly log cosign --request` writes")
        }
    }
}
