/// Why a template can't be used, or why it says nothing about these values.
public enum TemplateError: Error, Equatable, Sendable {
    /// When parsed: what stands at this line and column, both from 1, is not part of the language.
    case notUnderstood(line: Int, column: Int, problem: String)
    /// When parsed: the text has more bytes than this.
    case tooLarge(bytesMax: Int)
    /// When rendered: there is no value of this name.
    case valueMissing(String)
    /// When rendered: `slice` was asked for a part of a text that isn't there, or that cuts a character in two.
    case sliceOutOfRange
    /// When rendered: the result, or a part of it, has more bytes than this.
    case resultTooLarge(bytesMax: Int)
}

extension TemplateError: CustomStringConvertible {
    /// A sentence; no value.
    public var description: String {
        switch self {
        case .notUnderstood(let line, let column, let problem):
            "template line \(line), column \(column): \(problem)"
        case .tooLarge(let bytesMax): "the template has more than \(bytesMax) bytes"
        case .valueMissing(let name): "there is no value '\(name)'"
        case .sliceOutOfRange: "slice asks for a part that isn't there"
        case .resultTooLarge(let bytesMax): "the result has more than \(bytesMax) bytes"
        }
    }
}
