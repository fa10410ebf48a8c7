/// What is wrong with a JSON text.
public enum JSONProblem: Equatable, Sendable {
    /// Not the grammar of RFC 8259 §2; a byte order mark, a control character in a text and an escape that is half of
    /// a surrogate pair (§8.2) included.
    case syntax
    /// The text ends inside a value.
    case unfinished
    /// The bytes are not valid UTF-8 (RFC 8259 §8.1).
    case notUnicode
    /// A NUL byte, or U+0000 escaped in a text or a name. JSON allows the latter; this room does not, because C, X.509
    /// and logs cut text there.
    case nulCharacter
    /// One object has the same name twice (RFC 8259 §4 leaves the meaning open, so it is refused).
    case duplicateName
    /// A whole number outside Int64, or a real number outside Double.
    case numberRange
    /// More than white space follows the value.
    case trailingBytes
}

extension JSONProblem: CustomStringConvertible {
    /// One clause, safe to show.
    public var description: String {
        switch self {
        case .syntax: "not JSON"
        case .unfinished: "the text ends too early"
        case .notUnicode: "not valid Unicode text"
        case .nulCharacter: "text holds a NUL character"
        case .duplicateName: "an object has the same name twice"
        case .numberRange: "a number is out of range"
        case .trailingBytes: "the value is followed by more than white space"
        }
    }
}
