import ArgumentParser

/// `mayfly log`: the commands about a log.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Look at a certificate log.",
        subcommands: [LogVerifyCommand.self]
    )
}
