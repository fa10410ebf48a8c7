import ArgumentParser

/// The command line.
@main
struct Mayfly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mayfly",
        abstract: "A certificate authority for keys that live ten minutes.",
        discussion: """
            A token from your identity provider and a proof of a key go in; a code-signing certificate that names the \
            identity comes out, already recorded in an append-only log.

              mayfly init DIR          make a data directory: root, issuing CA, log, configuration
              mayfly serve --data DIR  serve it
              mayfly request …         get a certificate, and check it as a careful client would
              mayfly token explain …   say what certificate a token would get, or why none
              mayfly log …             search the log, show an entry, export or verify it
              mayfly audit …           watch a log from another machine, and tell what shouldn't be
              mayfly sign …            sign a file, or a statement, with a key that is used once
              mayfly verify …          verify the signature of a file, or a statement about it, offline
              mayfly verify-receipt …  check offline that a certificate is in the log
              mayfly trust …           write what clients need to trust it, and renew it
              mayfly ca …              exchange the issuing key
              mayfly tsa …             exchange the timestamp authority's key
              mayfly witness …         watch over other people's logs: cosign what only grows
              mayfly backup, restore   copy the log's database, and put a copy in place if it is the newest state
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self,
            ServeCommand.self,
            RequestCommand.self,
            TokenCommand.self,
            LogCommand.self,
            AuditCommand.self,
            WitnessCommand.self,
            VerifyReceiptCommand.self,
            TrustCommand.self,
            SignCommand.self,
            VerifyCommand.self,
            CACommand.self,
            TimestampingCommand.self,
            BackupCommand.self,
            RestoreCommand.self,
        ]
    )
}
