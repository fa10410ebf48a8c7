/// What a parsed template does, in order.
indirect enum TemplateNode: Sendable {
    /// Copies a text.
    case text(String)
    /// Prints a value.
    case print(TemplateExpression)
    /// Gives a variable its value.
    case declare(Int, TemplateExpression)
    /// Takes the first branch whose condition holds, else the last body.
    case when([(declares: Int?, condition: TemplateExpression, body: [TemplateNode])], otherwise: [TemplateNode])
    /// Makes a value the dot, if it holds.
    case with(declares: Int?, TemplateExpression, [TemplateNode], otherwise: [TemplateNode])
}

/// How a value comes about.
indirect enum TemplateExpression: Sendable {
    case literal(TemplateValue)
    /// A value that must be there.
    case field(String)
    /// The value of a computed name, or the empty text.
    case lookUp(TemplateExpression)
    case dot
    case variable(Int)
    case call(TemplateFunction, [TemplateExpression])
    case printf([TemplateFormat.Piece], [TemplateExpression])
}

/// A value.
enum TemplateValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case bool(Bool)

    /// Texts are compared by their bytes, as in Go; Swift takes the Kelvin sign and the letter K for one.
    static func == (left: TemplateValue, right: TemplateValue) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.integer(let left), .integer(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        default: false
        }
    }

    /// Go's truth: what isn't empty, 0 or false.
    var holds: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .integer(let number): number != 0
        case .bool(let bool): bool
        }
    }

    /// Go's %v.
    var printed: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .bool(let bool): String(bool)
        }
    }
}

/// What kinds of value an expression may have, known without any value: `or` and `and` return one of their arguments.
struct TemplateKinds: OptionSet {
    let rawValue: Int
    static let text = TemplateKinds(rawValue: 1)
    static let integer = TemplateKinds(rawValue: 2)
    static let bool = TemplateKinds(rawValue: 4)
    /// All values by name: `$`, and the dot outside `with`.
    static let values = TemplateKinds(rawValue: 8)

    /// For people.
    var description: String {
        switch self {
        case .text: "a text"
        case .integer: "a number"
        case .bool: "a truth value"
        case .values: "all values together"
        default: "sometimes one kind of value and sometimes another"
        }
    }
}
