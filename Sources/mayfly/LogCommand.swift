import ArgumentParser

/// `mayfly log …`: what an operator or an auditor does with a certificate log.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Look at a certificate log.",
        subcommands: [
            LogShowCommand.self,
            LogSearchCommand.self,
            LogExportCommand.self,
            LogVerifyCommand.self,
            LogCosignCommand.self,
            LogRotateKeyCommand.self,
        ]
    )
}
