import Authority
import Logging

extension Refusal {
    /// Logs it, once, here: what only we can mend is an error, what passes by itself a warning, and what the caller can mend
    /// has a level and words of its own.
    func log(
        _ error: AuthorityError,
        to logger: Logger,
        ours failed: Logger.Message,
        theirs refused: (level: Logger.Level, words: Logger.Message),
        metadata more: Logger.Metadata = [:]
    ) {
        let metadata: Logger.Metadata = ["reason": "\(reason.label)", "error": "\(error)"]
        let all = metadata.merging(more) { first, _ in first }
        switch status.kind {
        case .serverError: logger.log(level: retryAfterSeconds == nil ? .error : .warning, failed, metadata: all)
        default: logger.log(level: refused.level, refused.words, metadata: all)
        }
    }
}
