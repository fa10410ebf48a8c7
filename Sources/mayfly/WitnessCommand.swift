import ArgumentParser
import Authority
import Files
import Glibc
import Logging
import Server
import ServiceLifecycle
import Transparency
import Witnessing

/// `mayfly witness …`
struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Watch over logs: cosign a checkpoint only if it continues the one before (C2SP tlog-witness).",
        subcommands: [WitnessInitCommand.self, WitnessServeCommand.self, WitnessSignCommand.self]
    )
}

/// `mayfly witness init DIR`
struct WitnessInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a witness: a key, and a configuration that knows no log yet."
    )

    @Argument(help: "The directory to make.")
    var directory: String

    @Option(help: "The witness's name, like a URL without scheme; it can't be changed later.")
    var name: String

    func validate() throws {
        guard (try? LogOrigin(name)) != nil else {
            throw ValidationError("--name must be a name without spaces, plus signs and control characters")
        }
    }

    func run() async throws {
        guard let name = try? LogOrigin(name) else { throw ExitCode.validationFailure }
        do throws(WitnessError) {
            let cosigner = try Witness.create(directory: directory, name: name)
            print(cosigner.verifierKey)
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}

/// `mayfly witness serve --data DIR`
struct WitnessServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the witness of a directory over HTTP."
    )

    @Option(name: .customLong("data"), help: "The witness's directory.")
    var directory: String

    @Option(help: "HOST:PORT to listen on; port 0 takes a free one.")
    var listen = "127.0.0.1:5556"

    @Option(help: "The least level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    func validate() throws {
        guard ListenAddress(listen) != nil else { throw ValidationError("--listen must be HOST:PORT") }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { throw ExitCode.validationFailure }
        let level = logLevel
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level) }
        let logger = Logger(label: "mayfly-witness")
        signal(SIGPIPE, SIG_IGN)
        let witness: Witness
        do { witness = try Witness(directory: directory, now: SystemClock.now) } catch {
            throw CommandFailure.exit(error)
        }
        let server = WitnessServer(witness: witness, listen: address, logger: logger) { [directory] address in
            logger.info("ready", metadata: ["listen": "\(address)", "data": "\(directory)"])
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            throw CommandFailure.exit("\(error)", hint: "is the address free, and yours to use?")
        }
        logger.info("stopped")
    }
}

/// `mayfly witness sign FILE`
struct WitnessSignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Cosign the checkpoint in a file that `mayfly log cosign --request` wrote.",
        discussion: "The cosignature is added to the file; carry it on, or back to the log."
    )

    @Argument(help: "The file on the removable medium.")
    var file: String

    @Option(name: .customLong("data"), help: "The witness's directory.")
    var directory: String

    func run() async throws {
        let witness: Witness
        do { witness = try Witness(directory: directory, now: SystemClock.now) } catch {
            throw CommandFailure.exit(error)
        }
        do {
            let asked = try AddCheckpointRequest(file: file)
            let line = try witness.addCheckpoint(asked)
            let signed = try asked.adding(line)
            do { try WholeFile.replace(file, with: signed.encoded) } catch {
                throw CosigningError.file(path: file, problem: "\(error)")
            }
            let size = try Checkpoint(text: asked.note.text).size
            print("Cosigned \(size) entries as \(witness.cosigner.name)")
        } catch {
            throw CommandFailure.exit("\(error)", hint: (error as? WitnessRefusal).flatMap(hint))
        }
    }

    private func hint(for refusal: WitnessRefusal) -> String? {
        switch refusal {
        case .conflict(let latest): "make the file again with `mayfly log cosign --request --from \(latest)`"
        case .originUnknown: "name the log in witness.yaml, with its public key"
        case .notSigned: "is the log's key in witness.yaml the right one?"
        case .inconsistent: "keep the file: it shows that the log has been changed or taken back"
        case .malformed, .notStored, .signingFailed: nil
        }
    }
}
