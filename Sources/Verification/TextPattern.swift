import Dispatch
import Synchronization

/// What a text must be.
public struct TextPattern: Sendable, Equatable {
    /// The text itself, or a regular expression that all of it must match.
    public enum Form: Sendable, Equatable {
        /// This text, byte by byte.
        case exact(String)
        /// A regular expression as Swift's `Regex` reads it, for the text as a whole: anchored at both ends, said or not.
        case expression(String)
    }

    /// What is wanted.
    public let form: Form

    /// Wants this very text. Nil for an empty one, which a certificate that names nobody would have.
    public init?(exact text: String) {
        guard !text.isEmpty else { return nil }
        form = .exact(text)
    }

    /// Wants a text that an expression matches from its first character to its last. Nil for an empty expression, and for
    /// one that can't be read.
    public init?(expression: String) {
        guard !expression.isEmpty, (try? Regex(expression)) != nil else { return nil }
        form = .expression(expression)
    }

    /// Whether an expression leaves an end open, where other verifiers would let it match a part of a text.
    public var isAnchoredHere: Bool {
        switch form {
        case .exact: false
        case .expression(let expression): !(expression.hasPrefix("^") && expression.hasSuffix("$"))
        }
    }

    /// Whether this text is wanted.
    public func matches(_ text: String) -> Bool {
        switch form {
        // Not `==` of texts, to which two spellings of one character are the same.
        case .exact(let wanted): wanted.utf8.elementsEqual(text.utf8)
        case .expression(let expression): Self.matches(expression, text)
        }
    }

    /// How long an expression may take.
    private static let secondsMax = 2.0

    /// The expression's search may not end, and the text is the signer's choice: what isn't decided in time doesn't match.
    private static func matches(_ expression: String, _ text: String) -> Bool {
        let search = Search()
        DispatchQueue.global().async {
            let isMatch = (try? Regex(expression)).flatMap { try? $0.wholeMatch(in: text) } != nil
            search.isMatch.withLock { $0 = isMatch }
            search.isOver.signal()
        }
        return search.isOver.wait(timeout: .now() + secondsMax) == .success && search.isMatch.withLock { $0 }
    }

    private final class Search: Sendable {
        let isMatch = Mutex(false)
        let isOver = DispatchSemaphore(value: 0)
    }
}

extension TextPattern: CustomStringConvertible {
    /// What is wanted, as it was given.
    public var description: String {
        switch form {
        case .exact(let text): text
        case .expression(let expression): "/\(expression)/"
        }
    }
}
