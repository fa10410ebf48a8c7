import ArgumentParser
import Authority

/// `mayfly ca rotate`
struct CARotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make the next issuing key and its certificate below the root.",
        discussion: """
            Clients are told of it at once; it issues when the overlap is over, and a running server changes by itself then. \
            The one before stays trusted for what it has issued.
            """
    )

    @OptionGroup var options: TrustOptions

    @Option(help: "The root's key; default: ca/root.key in the data directory.")
    var rootKey: String?

    @Option(name: .customLong("ca-algorithm"), help: "The issuing key: as for init.")
    var algorithm: CAAlgorithm = .p256

    @Option(help: "For how long it is published before it issues: so long may clients take to learn of it.")
    var overlap: TimeSpan = .day

    func run() throws {
        do throws(AuthorityError) {
            let rotation = try options.target.rotateAuthority(
                rootKey: rootKey,
                algorithm: algorithm.keyAlgorithm,
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
