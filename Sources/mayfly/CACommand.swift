import ArgumentParser

/// `mayfly ca …`: the certificate authority's keys over time.
struct CACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Exchange the issuing key, with the root at hand or in a ceremony elsewhere.",
        subcommands: [CARotateCommand.self, CARequestCommand.self, CASignCommand.self, CAInstallCommand.self]
    )
}
