import ArgumentParser
import Fetching
import Keys

/// `mayfly request`: what a careful client does, step by step.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Get a certificate for a new key, and check all that came with it.",
        discussion: """
            The token is read from a file, or from the environment variable SIGSTORE_ID_TOKEN; never from the command \
            line. Without --roots the chain is only checked against the roots that the server itself names, and without \
            --log-key the log's promise can't be checked at all: the output says so.
            """
    )

    @Option(help: "The server, such as http://127.0.0.1:5555.")
    var url: String

    @Option(help: "The file with the identity token; - reads standard input.")
    var tokenFile: String?

    @Option(help: "Where to write the certificate and the chain, in PEM.")
    var certificateOut: String?

    @Option(help: "Where to write the new private key, in PEM, readable for you only.")
    var keyOut: String?

    @Option(help: "Where to write the log's receipt, to be checked offline with `mayfly verify-receipt`.")
    var receiptOut: String?

    @Option(help: "The root certificates you trust, in PEM.")
    var roots: String?

    @Option(help: "The log's public key you trust, in PEM.")
    var logKey: String?

    @Option(help: "The kind of key to make: p256, p384, p521, ed25519, rsa2048, rsa3072 or rsa4096.")
    var keyAlgorithm: ClientKeyAlgorithm = .p256

    @Flag(help: "Prove the key with a certificate signing request instead of a signature over the identity.")
    var csr = false

    func run() async throws {
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        do throws(RequestFailure) {
            let session = try RequestSession(
                server: url,
                token: try ClientFiles.token(inFile: tokenFile),
                fetcher: fetcher,
                trustedRoots: try roots.map { file throws(RequestFailure) in try ClientFiles.read(file) },
                logKey: try logKey.map { file throws(RequestFailure) in try ClientFiles.read(file) }
            )
            let key = try session.makeKey(keyAlgorithm.keyAlgorithm)
            let answer = try await session.request(key: key, withSigningRequest: csr)
            try await session.verify(answer, key: key)
            if let receiptOut {
                guard let receipt = answer.receipt else { throw .answerUnreadable("it came without a receipt") }
                try ClientFiles.write(receipt, to: receiptOut, isPrivate: false)
            }
            if let keyOut { try ClientFiles.write(try session.pem(of: key), to: keyOut, isPrivate: true) }
            if let certificateOut { try ClientFiles.write(answer.pem, to: certificateOut, isPrivate: false) }
        } catch {
            throw CommandFailure.exit("\(error)")
        }
    }
}

/// The kinds of client key, as the command line names them.
enum ClientKeyAlgorithm: String, ExpressibleByArgument, CaseIterable {
    case p256, p384, p521, ed25519, rsa2048, rsa3072, rsa4096

    var keyAlgorithm: KeyAlgorithm {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        case .ed25519: .ed25519
        case .rsa2048: .rsa(bits: 2048)
        case .rsa3072: .rsa(bits: 3072)
        case .rsa4096: .rsa(bits: 4096)
        }
    }
}
