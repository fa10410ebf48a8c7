import ArgumentParser
import Authority
import Certificates

/// `mayfly ca sign FILE`
struct CASignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a request with the root's key: on a machine without network, without a data directory."
    )

    @Argument(help: "The request, PEM.")
    var file: String

    @Option(help: "The root's certificate, PEM.")
    var root: String

    @Option(help: "The root's key, PEM.")
    var rootKey: String

    @Option(help: "The file with the passphrase of the root's key.")
    var passphraseFile: String?

    @Option(help: "The file to write the new chain to, PEM.")
    var chainOut: String

    func run() throws {
        do {
            let chain = try DataDirectory.signAuthority(
                request: file,
                root: root,
                rootKey: rootKey,
                passphraseFile: passphraseFile,
                at: SystemClock.now().seconds
            )
            try ClientFiles.write(Array(chain.pem.utf8), to: chainOut, isPrivate: false)
            print(
                """
                \(Transcript.heading("issuing certificate signed"))
                \(Transcript.lines(chain))
                  SHA-256 of the public key  \(try chain.issuing.publicKey.sha256.hex)
                  chain    \(chainOut)
                Next, where the key is:
                  mayfly ca install \(chainOut) --data DIR
                """
            )
        } catch let error as AuthorityError {
            throw CommandFailure.exit(error)
        } catch {
            throw CommandFailure.exit("\(error)")
        }
    }
}
