import ArgumentParser
import Authority
import Glibc
import Witnessing

/// Ends a command: a sentence and, where there is one, what to do about it, on standard error; exit code 1.
enum CommandFailure {
    /// Prints the error and gives the exit code to throw.
    static func exit(_ error: AuthorityError) -> ExitCode {
        exit("\(error)", hint: hint(for: error))
    }

    /// Prints the witness's error and gives the exit code to throw.
    static func exit(_ error: WitnessError) -> ExitCode {
        let hint: String? =
            switch error {
            case .missing: "`mayfly witness init DIR --name NAME` makes a witness"
            case .exists: "choose another directory"
            case .inUse: "stop the other process first"
            case .memoryDamaged: "a witness that has forgotten what it saw must get a new key and name"
            case .file, .configuration, .key, .cosigner: nil
            }
        return exit("\(error)", hint: hint)
    }

    /// Prints a sentence and a hint, and gives the exit code to throw.
    static func exit(_ sentence: String, hint: String? = nil) -> ExitCode {
        var text = "mayfly: \(sentence)\n"
        if let hint { text += "        \(hint)\n" }
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
        return .failure
    }

    /// The one page where errors become advice.
    private static func hint(for error: AuthorityError) -> String? {
        switch error {
        case .file(_, .missing): "`mayfly init DIR` makes a complete data directory; was the path mistyped?"
        case .file(_, .unreadable): "check the file's owner and mode"
        case .file(_, .unwritable): "check the directory's owner and mode, and the free space"
        case .file(_, .tooLarge): "this does not look like the file that was meant"
        case .file(_, .malformed): "put back the file that a command has written, or mend it by hand"
        case .key(_, .passphraseNeeded): "the key is encrypted: name its `passphrase-file` in mayfly.yaml"
        case .key(_, .wrongPassphrase): "the `passphrase-file` in mayfly.yaml does not open this key"
        case .key: "the file must hold one private key in PEM"
        case .chain: "the chain must begin with the certificate of its key and end with the root"
        case .directoryUsed: "choose a new directory, or empty this one"
        case .directoryInUse: "stop the other process first; one directory is served by one process"
        case .configuration: "docs/configuration.md describes every key"
        case .storage(_, .dataSourceInvalid):
            "one line, such as postgresql://mayfly:PASSWORD@db.example.internal/mayfly?sslmode=verify-full"
        case .storage(_, .unreachable): "nothing was changed; is the server running, and does it let this user in?"
        case .storage(_, .serverSetting): "change it in the server's postgresql.conf; nothing was changed"
        case .storage(_, .exists): "nothing was changed; choose another name"
        case .storage(_, .hasLog): "to add a server to that log, copy a data directory: see docs/operations.md"
        case .storage(_, .hasNoTables): "`mayfly init --store postgres` creates a log; is this the right database?"
        case .storage(_, .olderSchema): "`mayfly serve` brings it up to date when it starts"
        case .storage: "nothing was changed; restore the database from a copy, or look at what else used it"
        case .record: "nothing was changed; the record log must be whole before anything is served"
        case .log: "nothing was changed; the log must be whole before anything is issued"
        case .witness(.unreachable):
            "is it running? `require-at-start: false`, and `restore --unchecked`, do without its answer"
        case .witness(.log), .witness(.file): "nothing was changed"
        case .witness(.policyNotMet): "carry the file to another witness first"
        case .witness(.alreadyWitnessed): "the file is an old one; nothing was changed"
        case .witness:
            "nothing was changed; docs/operations.md, \"A log that came back shorter\", says what can be done"
        case .incomparable: "name a checkpoint that was kept elsewhere with --checkpoint, or say --unchecked"
        case .audit: "look at the section `audit` in mayfly.yaml: is the place there, and writable?"
        case .trust(.wrongKey): "the key must be the one that the newest root in the repository names"
        case .trust(.missing), .trust(.malformed), .trust(.unsigned):
            "put back the repository's files from a copy: every client can tell, so nothing else will do"
        case .rotation(.pending): "wait until then; nothing was changed"
        case .rotation(.noRequest): "`mayfly ca csr` makes the key and the request"
        case .rotation(.requestWaits): "`mayfly ca install` takes its certificate; if none will come, delete that key"
        case .rotation(.wrongKey): "the request must be the one that `mayfly ca csr` made last"
        case .rotation: "nothing was changed"
        case .trust: "docs/operations.md, \"What clients trust\", says what must be there"
        case .timestamping: "look at the section `timestamping` in mayfly.yaml"
        case .identity, .policy, .issuance, .busy: nil
        }
    }
}
