import ArgumentParser

/// `mayfly trust …`: what clients are to trust.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Write, look at and renew what clients are to trust.",
        subcommands: [TrustExportCommand.self, TrustRenewCommand.self, TrustShowCommand.self]
    )
}
