import ArgumentParser
import Authority
import TrustRoot

/// `mayfly trust renew`
struct TrustRenewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Sign the TUF repository's root and targets anew, with the key that is kept offline.",
        discussion: """
            The targets become what the configuration says now. The root is signed anew when a third of its life is left, or \
            when one of its keys is exchanged; clients follow from any root they have. A server that is running publishes \
            the result within two seconds.
            """
    )

    @OptionGroup var options: TrustOptions

    @Option(help: "The offline key; default: the configuration's trust.root-key.")
    var rootKey: String?

    @Option(help: "Make a new offline key in this file, and let both sign the next root.")
    var newRootKey: String?

    @Flag(help: "Make a new online key in place of the configuration's; a server must be restarted to sign with it.")
    var newOnlineKey = false

    @Flag(help: "Sign a new root even if it isn't due.")
    var root = false

    func run() throws {
        do throws(AuthorityError) {
            let renewal = TrustRenewal(
                rootKey: rootKey,
                newRootKey: newRootKey,
                makesOnlineKey: newOnlineKey,
                renewsRoot: root
            )
            let state = try options.target.renewTrust(renewal, files: options.files, at: SystemClock.now().seconds)
            print(TrustReport.text(state))
            if let newRootKey { print("Move \(newRootKey) to a safe place, and destroy the old key.") }
        } catch {
            throw CommandFailure.exit(error)
        }
    }
}
