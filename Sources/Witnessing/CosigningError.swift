public import Log
public import Transparency

/// Why a log with witnesses doesn't go on.
public enum CosigningError: Error, Equatable, Sendable {
    /// A witness has cosigned a larger tree of this log than the one here: the database is an older one.
    case ahead(witness: LogOrigin, size: TreeSize, here: TreeSize)
    /// A witness has cosigned a tree of this log that isn't a prefix of the one here: the log has forked.
    case forked(witness: LogOrigin, here: TreeSize)
    /// The witnessed checkpoint in this file is of a larger tree than the one here: the database is an older one.
    case fileAhead(path: String, size: TreeSize, here: TreeSize)
    /// The witnessed checkpoint in this file isn't of a prefix of the tree here: the log has forked.
    case fileForked(path: String, size: TreeSize)
    /// A witness that must be asked before serving couldn't be.
    case unreachable(witness: LogOrigin, problem: String)
    /// The log itself can't be read.
    case log(LogError)
    /// The file with the witnessed checkpoint, or the one that was carried here, can't be used; the reason in words.
    case file(path: String, problem: String)
    /// The checkpoint that was carried here has fewer good cosignatures than the policy asks for.
    case policyNotMet(found: Int, needed: Int)
    /// The checkpoint that was carried here is of a smaller tree than the witnessed one that is published.
    case alreadyWitnessed(size: TreeSize)
}

extension CosigningError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .ahead(let witness, let size, let here):
            "couldn't serve the log: the witness \(witness) has cosigned \(size) entries, and here are \(here)"
        case .forked(let witness, let here):
            "couldn't serve the log: the witness \(witness) has cosigned a tree that the \(here) entries here don't begin with"
        case .fileAhead(let path, let size, let here):
            "couldn't serve the log: the checkpoint in \(path) has \(size) entries, and here are \(here)"
        case .fileForked(let path, let size):
            "couldn't serve the log: the checkpoint in \(path) has a tree of \(size) entries that isn't the one here"
        case .unreachable(let witness, let problem):
            "couldn't ask the witness \(witness), which is required at start: \(problem)"
        case .log(let error): "\(error)"
        case .file(let path, let problem): "couldn't use \(path): \(problem)"
        case .policyNotMet(let found, let needed):
            "couldn't publish the checkpoint: it has \(found) of the \(needed) cosignatures that `log.witnesses.policy` asks for"
        case .alreadyWitnessed(let size):
            "couldn't publish the checkpoint: one with \(size) entries is published already"
        }
    }
}
