import ArgumentParser

/// `mayfly token`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Look at identity tokens.",
        subcommands: [TokenExplainCommand.self]
    )
}
