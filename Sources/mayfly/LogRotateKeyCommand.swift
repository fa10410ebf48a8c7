public import ArgumentParser
public import Authority
import Transparency

/// `mayfly log rotate-key`
struct LogRotateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Begin the log's next shard: another key, another name, another database.",
        discussion: """
            A log's key and name can't change, so its next key is another log's. Clients are told of it at once; it takes \
            entries when the overlap is over, and a running server changes by itself then. The shard before stays readable \
            and trusted for what it has promised.
            """
    )

    @OptionGroup var options: TrustOptions

    @Option(help: "Which log: certificates, or records of signatures.")
    var log: RotatedLog = .certificates

    @Option(
        help: "The shard's name in its checkpoints; of the record log a host name. Default: made of the first one's."
    )
    var origin: String?

    @Option(help: "For how long it is published before it takes entries: so long may clients take to learn of it.")
    var overlap: TimeSpan = .day

    func validate() throws {
        guard origin == nil || origin.flatMap({ try? LogOrigin($0) }) != nil else {
            throw ValidationError("--origin must be a name without spaces, plus signs and control characters")
        }
    }

    func run() async throws {
        do throws(AuthorityError) {
            let rotation = try await options.target.rotateLog(
                log,
                origin: origin.flatMap { try? LogOrigin($0) },
                overlapSeconds: overlap.seconds,
                files: options.files,
                now: SystemClock.now
            )
            print(RotationTranscript.text(rotation, in: options.target))
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}

extension RotatedLog: ExpressibleByArgument {}
