import ArgumentParser
import Fetching
import Signing
import Verification

/// `mayfly sign FILE --token-file TOKEN --trust-config CONFIG --bundle BUNDLE`
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a file, or an in-toto statement, with a key that is used once.",
        discussion: """
            Makes a key, gets a certificate for it, signs, gets a timestamp, has the signature recorded, and verifies all of \
            it against the trusted root before it writes the bundle. The token is read from a file, or from the environment \
            variable SIGSTORE_ID_TOKEN; never from the command line. Where to sign and whom to believe is in one file, \
            --trust-config, or in two, --signing-config and --trusted-root; or else --url names a server that does it all. \
            Without --trusted-root its own root is then taken on trust, and the output says so.
            """
    )

    @Argument(help: "The file to sign; - for standard input.")
    var file: String

    @Option(help: "The file with the identity token; - reads standard input.")
    var tokenFile: String?

    @Option(help: "Where to sign and whom to believe, a ClientTrustConfig.")
    var trustConfig: String?

    @Option(help: "Where to sign, a file signing_config.v0.2.json.")
    var signingConfig: String?

    @Option(help: "Whom to believe, a file trusted_root.json.")
    var trustedRoot: String?

    @Option(help: "The server that does it all, such as http://127.0.0.1:5555.")
    var url: String?

    @Option(help: "Where to write the bundle.")
    var bundle: String

    @Flag(help: "The file is an in-toto statement: sign it as it is, in an envelope.")
    var inToto = false

    func validate() throws {
        guard [trustConfig, signingConfig, url].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of --trust-config, --signing-config and --url")
        }
        guard trustConfig == nil || trustedRoot == nil else {
            throw ValidationError("--trust-config holds the trusted root: --trusted-root would be a second one")
        }
        guard signingConfig == nil || trustedRoot != nil else {
            throw ValidationError("--signing-config needs --trusted-root: what is signed is verified")
        }
    }

    func run() async throws {
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        do throws(VerifyFailure) {
            try await sign(SigningExchange { request throws(FetchError) in try await fetcher.fetch(request) })
        } catch {
            _ = CommandFailure.exit("\(error)", hint: error.hint)
            throw error.exitCode
        }
    }

    private func sign(_ exchange: SigningExchange) async throws(VerifyFailure) {
        let token = try readToken()
        let steps = Steps()
        let (services, root) = try await readConfiguration(exchange, steps)
        let signer = Signer(configuration: services, root: root, token: token, exchange: exchange)
        let signed: Bundle
        if inToto {
            let statement = try Self.reading { () throws(RequestFailure) in
                try ClientFiles.read(file, bytesMax: Bundle.bytesMax)
            }
            signed = try await Self.signing { () throws(SigningError) in
                try await signer.sign(statement: statement) { Self.tell($0, steps) }
            }
        } else {
            let digests = try Self.reading { () throws(RequestFailure) in try ArtifactFile.digests(ofFile: file) }
            signed = try await Self.signing { () throws(SigningError) in
                try await signer.sign(artifact: digests) { Self.tell($0, steps) }
            }
        }
        try Self.reading { () throws(RequestFailure) in
            try ClientFiles.write(signed.json, to: bundle, isPrivate: false)
        }
        steps.done("bundle written", PlainText.escaped(bundle))
    }

    private func readToken() throws(VerifyFailure) -> IdentityToken {
        let bytes = try Self.reading { () throws(RequestFailure) in try ClientFiles.token(inFile: tokenFile) }
        do { return try IdentityToken(bytes) } catch { throw .signing(error) }
    }

    private func readConfiguration(
        _ exchange: SigningExchange,
        _ steps: Steps
    ) async throws(VerifyFailure) -> (SigningConfiguration, TrustedRoot) {
        let now = Int64(clamping: SystemClock.now().milliseconds)
        if let trustConfig {
            let bytes = try Self.read(trustConfig)
            do {
                let both = try ClientConfiguration(json: bytes, atMilliseconds: now)
                return (both.signing, both.root)
            } catch { throw .signing(error) }
        }
        let services: SigningConfiguration
        if let signingConfig {
            let bytes = try Self.read(signingConfig)
            do { services = try SigningConfiguration(json: bytes, atMilliseconds: now) } catch { throw .signing(error) }
        } else {
            services = SigningConfiguration(server: url ?? "")
        }
        let bytes: [UInt8]
        if let trustedRoot {
            bytes = try Self.read(trustedRoot)
        } else {
            bytes = try await Self.signing { () throws(SigningError) in try await exchange.trustedRoot(of: url ?? "") }
            steps.skipped("root not pinned", "no --trusted-root: the server's own was taken on trust")
        }
        do { return (services, try TrustedRoot(json: bytes)) } catch { throw .verification(error) }
    }

    private static func tell(_ step: SigningStep, _ steps: Steps) {
        switch step {
        case .certificate(let name, let issuer):
            steps.done("got a certificate", PlainText.escaped("\(name), identified by \(issuer)"))
        case .timestamp(let url): steps.done("got a timestamp", PlainText.escaped("of \(url)"))
        case .entry(let url, let index): steps.done("recorded", PlainText.escaped("entry \(index) of \(url)"))
        case .verified: steps.done("verified", "against the trusted root, steps A to G")
        }
    }

    private static func read(_ path: String) throws(VerifyFailure) -> [UInt8] {
        try reading { () throws(RequestFailure) in
            try ClientFiles.read(path, bytesMax: SigningConfiguration.bytesMax)
        }
    }

    private static func reading<Result>(
        _ body: () throws(RequestFailure) -> Result
    ) throws(VerifyFailure) -> Result {
        do { return try body() } catch { throw .file(error) }
    }

    private static func signing<Result>(
        _ body: () async throws(SigningError) -> Result
    ) async throws(VerifyFailure) -> Result {
        do { return try await body() } catch { throw .signing(error) }
    }
}
