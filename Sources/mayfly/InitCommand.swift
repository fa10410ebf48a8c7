public import ArgumentParser
import Authority
import Keys
import Transparency
public import TrustRoot

/// `mayfly init DIR`
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a data directory ready to serve."
    )

    @Argument(help: "The directory to make; it must be empty or missing.")
    var directory: String

    @Option(
        name: .customLong("ca-algorithm"),
        help: "The issuing key: p256, p384, p521, rsa3072, rsa4096 or ed25519 (which sigstore-python can't verify)."
    )
    var algorithm: CAAlgorithm = .p256

    @Option(help: "The organization in the new CA's names.")
    var organization = "Mayfly"

    @Option(help: "The log's name in its checkpoints, like a URL without scheme; it can't be changed later.")
    var origin = "mayfly.internal/ct"

    @Option(help: "Where clients will reach the server: scheme, host and port. It stands in what clients trust.")
    var baseURL: ServiceURL = .default

    @Option(help: "A file with the passphrase to encrypt private keys with; of the key that is adopted, its own.")
    var passphraseFile: String?

    @Option(help: "Where the log is kept: sqlite, in the directory, or postgres, which many servers can share.")
    var store: StoreKind = .sqlite

    @Option(help: "For postgres, the file with its connection string or URI, password included.")
    var dsnFile: String?

    @Option(name: .customLong("root"), help: "Adopt this PEM chain, issuing certificate first, instead of making a CA.")
    var chain: String?

    @Option(help: "The key of the adopted chain's first certificate, in PEM.")
    var key: String?

    func validate() throws {
        guard (chain == nil) == (key == nil) else {
            throw ValidationError("--root and --key belong together: a chain to adopt, and its key")
        }
        guard (store == .postgres) == (dsnFile != nil) else {
            throw ValidationError("--store postgres and --dsn-file belong together")
        }
        guard baseURL.isOrigin else { throw ValidationError("--base-url must have no path: some clients drop it") }
        guard (try? LogOrigin(origin)) != nil else {
            throw ValidationError("--origin must be a name without spaces, plus signs and control characters")
        }
    }

    func run() async throws {
        guard let origin = try? LogOrigin(origin) else {
            throw ExitCode.validationFailure
        }
        let source: Initialisation.Source =
            if let chain, let key {
                .adopted(chain: chain, key: key)
            } else {
                .new(algorithm: algorithm.keyAlgorithm, organization: organization)
            }
        let target = DataDirectory(path: directory)
        let made: InitialisedAuthority
        do throws(AuthorityError) {
            made = try await target.initialise(
                Initialisation(
                    source: source,
                    origin: origin,
                    baseURL: baseURL,
                    passphraseFile: passphraseFile,
                    dataSourceFile: dsnFile
                ),
                now: SystemClock.now
            )
        } catch {
            throw CommandFailure.exit(error)
        }
        print(summary(of: made, in: target))
    }

    private func summary(of made: InitialisedAuthority, in target: DataDirectory) -> String {
        var lines = [
            "Made \(target.path):",
            "  root certificate     \(target.root)  (give it to those who verify)",
            "  issuing certificate  \(target.chain)  SHA-256 \(made.chain.issuing.fingerprint.hex)",
            "  log                  \(target.logPublicKey)  log id \(made.logID.digest.hex)",
            "  timestamp authority  \(target.timestampingChain)  SHA-256 \(made.timestamping.issuing.fingerprint.hex)",
            "  trust repository     \(target.trustRepository)  (give its root.json to those who run cosign)",
            "  configuration        \(target.configuration)  (name your token issuers here)",
        ]
        let offline = (made.hasRootKey ? [target.rootKey] : []) + [target.timestampingRootKey, target.trustRootKey]
        lines.append(
            "Name your issuers, and run mayfly trust renew --data \(target.path), so that clients learn of them."
        )
        lines.append("Then move \(offline.joined(separator: ", ")) to a safe place: not needed for serving.")
        lines.append("Next: mayfly serve --data \(target.path)")
        return lines.joined(separator: "\n")
    }
}

extension ServiceURL: ExpressibleByArgument {
    /// Reads a URL.
    public init?(argument: String) {
        guard let url = try? ServiceURL(argument) else { return nil }
        self = url
    }
}

/// The kinds of store, as the command line names them.
enum StoreKind: String, ExpressibleByArgument, CaseIterable {
    case sqlite, postgres
}

/// The kinds of issuing key, as the command line names them.
enum CAAlgorithm: String, ExpressibleByArgument, CaseIterable {
    case p256, p384, p521, rsa3072, rsa4096, ed25519

    var keyAlgorithm: KeyAlgorithm {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        case .rsa3072: .rsa(bits: 3072)
        case .rsa4096: .rsa(bits: 4096)
        case .ed25519: .ed25519
        }
    }
}
