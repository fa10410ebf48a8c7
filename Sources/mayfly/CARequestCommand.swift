import ArgumentParser
import Authority

/// `mayfly ca csr FILE`
struct CARequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csr",
        abstract: "Make the next issuing key, and a request for its certificate to carry to the root.",
        discussion: "Asked again before `mayfly ca install`, it is the same key."
    )

    @Argument(help: "The file to write the request to, PEM.")
    var file: String

    @OptionGroup var options: TrustOptions

    @Option(name: .customLong("ca-algorithm"), help: "The issuing key: as for init.")
    var algorithm: CAAlgorithm = .p256

    func run() throws {
        do {
            let made = try options.target.requestAuthority(algorithm: algorithm.keyAlgorithm, files: options.files)
            try ClientFiles.write(Array(made.request.utf8), to: file, isPrivate: false)
            print(
                """
                \(Transcript.heading("request for an issuing certificate"))
                  key      \(made.keyFile)  (stays here)
                  request  \(file)
                  SHA-256 of the public key  \(made.publicKey.sha256.hex)
                Next, where the root's key is:
                  mayfly ca sign \(file) --root root.pem --root-key root.key --chain-out chain.pem
                and compare the SHA-256 that it prints. Then here:
                  mayfly ca install chain.pem --data \(options.target.path)
                """
            )
        } catch let error as AuthorityError {
            throw CommandFailure.exit(error)
        } catch {
            throw CommandFailure.exit("\(error)")
        }
    }
}
