/// A piece of a template: text, or a word of an action.
struct TemplateToken: Equatable {
    enum Kind: Equatable {
        /// What is copied as it is.
        case text(String)
        /// `{{` and `}}`, with their trim markers.
        case open, close
        /// White space in an action; arguments must be apart.
        case space
        /// `.name`
        case field(String)
        /// `.`
        case dot
        /// `$name`, `$` with the empty name.
        case variable(String)
        /// A function or a keyword.
        case word(String)
        /// A literal.
        case string(String), integer(Int), bool(Bool)
        /// `|`, `:=`, `(`, `)`
        case pipe, declare, leftParenthesis, rightParenthesis
        /// The end of the template.
        case end
    }

    let kind: Kind
    let line: Int
    let column: Int

    /// An error about this place.
    func notUnderstood(_ problem: String) -> TemplateError {
        .notUnderstood(line: line, column: column, problem: problem)
    }

    /// What stands here, for people.
    var description: String {
        switch kind {
        case .text: "text"
        case .open: "'{{'"
        case .close: "'}}'"
        case .space: "white space"
        case .field(let name): "'.\(name)'"
        case .dot: "'.'"
        case .variable(let name): "'$\(name)'"
        case .word(let name): "'\(name)'"
        case .string: "a text"
        case .integer, .bool: "a literal"
        case .pipe: "'|'"
        case .declare: "':='"
        case .leftParenthesis: "'('"
        case .rightParenthesis: "')'"
        case .end: "the end of the template"
        }
    }
}
