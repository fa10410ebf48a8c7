import ArgumentParser
import Authority

/// `mayfly tsa …`: the timestamp authority's keys over time.
struct TimestampingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tsa",
        abstract: "Exchange the timestamp authority's key.",
        subcommands: [TimestampingRotateCommand.self]
    )
}

/// `mayfly tsa rotate`
struct TimestampingRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make the timestamp authority's next key and its certificate, or take them over.",
        discussion: """
            Clients are told of it at once; it signs when the overlap is over, and a running server changes by itself then. \
            What the one before has signed verifies as before.
            """
    )

    @OptionGroup var options: TrustOptions

    @Option(help: "The key of the root, or of another CA in the chain; default: tsa/root.key in the data directory.")
    var rootKey: String?

    @Option(help: "Take over this PEM chain, the timestamp authority's certificate first, instead of making one.")
    var chain: String?

    @Option(help: "The key of that chain's first certificate, in PEM.")
    var key: String?

    @Option(help: "For how long it is published before it signs: so long may clients take to learn of it.")
    var overlap: TimeSpan = .day

    func validate() throws {
        guard (chain == nil) == (key == nil) else {
            throw ValidationError("--chain and --key belong together: a chain to take over, and its key")
        }
        guard chain == nil || rootKey == nil else {
            throw ValidationError("--root-key makes a certificate, --chain takes one over: choose one")
        }
    }

    func run() throws {
        do throws(AuthorityError) {
            let source: TimestampingSource =
                if let chain, let key { .adopted(chain: chain, key: key) } else { .new(authorityKey: rootKey) }
            let rotation = try options.target.rotateTimestamping(
                source,
                overlapSeconds: overlap.seconds,
                files: options.files,
                at: SystemClock.now().seconds
            )
            print(RotationTranscript.text(rotation, in: options.target))
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}
