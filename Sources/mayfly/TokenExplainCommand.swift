import ArgumentParser
import Authority
import Glibc
import Identity

/// `mayfly token explain FILE`
struct TokenExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say offline what certificate a token would get, or why none.",
        discussion: """
            Exits with 0 when a certificate would be issued, with 1 when it would be refused, and with 2 when the \
            configuration or the file can't be used. Never prints the token.
            """
    )

    @Argument(help: "The file with the identity token; - reads standard input.")
    var file: String

    @Argument(help: .hidden)
    var others: [String] = []

    @Option(name: .customLong("data"), help: "The data directory whose configuration judges the token.")
    var directory: String?

    @Option(help: "A configuration file in place of DIR/mayfly.yaml; without --data its paths start in its folder.")
    var config: String?

    @Option(help: "A Fulcio configuration (YAML or JSON) in place of the configuration's issuer sections.")
    var identityConfig: String?

    @Option(help: "The time to judge at, in seconds since 1970, in place of the clock's.")
    var now: Int64?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let explanation = try explain()
        let steps = ExplainedStep.all(explanation)
        let text =
            json
            ? ExplanationText.json(steps, of: explanation)
            : ExplanationText.lines(steps, of: explanation).joined(separator: "\n")
        print(text)
        if explanation.refusal != nil { throw ExitCode.failure }
    }

    private func explain() throws -> TokenExplanation {
        guard let directory = directory ?? config.map(Self.folder) else {
            throw unusable("couldn't find a configuration: give --data DIR or --config FILE")
        }
        // The last second of the year 9999, as for dates in tokens.
        let nowSeconds = now ?? SystemClock.now().seconds
        guard (0...253_402_300_799).contains(nowSeconds) else {
            throw unusable("couldn't use --now: it must be seconds since 1970")
        }
        do {
            return try TokenExplanation(
                of: try readToken(),
                by: DataDirectory(path: directory),
                files: ConfigurationFiles(main: config, identity: identityConfig),
                nowSeconds: nowSeconds
            )
        } catch let error as AuthorityError {
            _ = CommandFailure.exit(error)
            throw Self.unusable
        }
    }

    private func readToken() throws -> IDToken {
        // Every token's header begins so. An error that named the file, or the parser's own, would repeat it.
        guard others.isEmpty, !file.hasPrefix("eyJ") else {
            throw unusable("couldn't read the token: give the one file that it is in, or - for standard input")
        }
        do throws(RequestFailure) {
            return IDToken(try ClientFiles.token(inFile: file))
        } catch {
            throw unusable("\(error)")
        }
    }

    private func unusable(_ sentence: String) -> ExitCode {
        _ = CommandFailure.exit(sentence)
        return Self.unusable
    }

    private static let unusable = ExitCode(2)

    /// The directory that a file is in.
    private static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
