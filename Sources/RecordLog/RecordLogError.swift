public import Log
public import Transparency

/// Why the record log didn't take or show an entry.
public enum RecordLogError: Error, Equatable, Sendable {
    /// The request is no entry for this log. Nothing was logged.
    case refused(RecordProblem)
    /// What was proposed is no entry for this log. Nothing was logged.
    case proposalRefused(ProposalProblem)
    /// The log has the very same entry, at this index. Nothing was logged.
    case duplicate(of: LeafIndex)
    /// The log couldn't take or serve it.
    case log(LogError)
    /// A checkpoint couldn't be signed, or what is stored isn't one.
    case transparency(TransparencyError)
}

extension RecordLogError {
    /// Whether the same request may well succeed a little later.
    public var mayPass: Bool {
        switch self {
        case .log(.busy), .log(.cancelled), .log(.closed), .log(.unavailable), .log(.clockBehind): true
        case .refused, .proposalRefused, .duplicate, .log, .transparency: false
        }
    }
}

extension RecordLogError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .refused(let problem): "couldn't take the entry: \(problem)"
        case .proposalRefused(let problem): "couldn't take the entry: \(problem)"
        case .duplicate(let index): "couldn't take the entry: the record log has it already, at index \(index)"
        case .log(let error): "\(error) (record log)"
        case .transparency(let error): "\(error) (record log)"
        }
    }
}
