import ArgumentParser
import Authority

/// `mayfly ca install CHAIN`
struct CAInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put the certificate that was made from the request in place."
    )

    @Argument(help: "PEM certificates: the new issuing one first, the root last.")
    var chain: String

    @OptionGroup var options: TrustOptions

    @Option(help: "For how long it is published before it issues: so long may clients take to learn of it.")
    var overlap: TimeSpan = .day

    func run() throws {
        do throws(AuthorityError) {
            let rotation = try options.target.installAuthority(
                chain: chain,
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
