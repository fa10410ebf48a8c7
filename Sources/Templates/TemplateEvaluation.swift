/// One rendering. Its depth is bounded by what the parser allows.
struct TemplateEvaluation {
    private let value: (String) -> String?
    private var variables: [TemplateValue]
    private var dot = TemplateValue.text("")
    /// What has been printed.
    private(set) var output = ""

    init(value: @escaping (String) -> String?, variablesCount: Int) {
        self.value = value
        variables = Array(repeating: .text(""), count: variablesCount)
    }

    mutating func run(_ nodes: [TemplateNode]) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text(let text): try print(text)
            case .print(let expression): try print(evaluate(expression).printed)
            case .declare(let variable, let expression): variables[variable] = try evaluate(expression)
            case .when(let branches, let otherwise): try run(chosen(branches) ?? otherwise)
            case .with(let declares, let expression, let body, let otherwise):
                let found = try evaluate(expression)
                if let declares { variables[declares] = found }
                let outside = dot
                if found.holds { dot = found }
                try run(found.holds ? body : otherwise)
                dot = outside
            }
        }
    }

    private mutating func chosen(
        _ branches: [(declares: Int?, condition: TemplateExpression, body: [TemplateNode])]
    ) throws(TemplateError) -> [TemplateNode]? {
        for branch in branches {
            let found = try evaluate(branch.condition)
            if let declares = branch.declares { variables[declares] = found }
            if found.holds { return branch.body }
        }
        return nil
    }

    private mutating func print(_ text: String) throws(TemplateError) {
        output += try bounded(text, after: output.utf8.count)
    }

    private func evaluate(_ expression: TemplateExpression) throws(TemplateError) -> TemplateValue {
        switch expression {
        case .literal(let value): return value
        case .dot: return dot
        case .variable(let variable): return variables[variable]
        case .field(let name):
            guard let text = value(name) else { throw .valueMissing(name) }
            return .text(text)
        case .lookUp(let name): return .text(value(try evaluate(name).printed) ?? "")
        case .call(.and, let arguments): return try first(of: arguments) { !$0.holds }
        case .call(.or, let arguments): return try first(of: arguments) { $0.holds }
        case .call(let function, let arguments):
            var values: [TemplateValue] = []
            for argument in arguments { values.append(try evaluate(argument)) }
            let result = try function.apply(values)
            if case .text(let text) = result { return .text(try bounded(text)) }
            return result
        case .printf(let pieces, let arguments):
            return .text(try formatted(pieces, arguments))
        }
    }

    /// The first argument that decides, else the last; those after it are not looked at.
    private func first(
        of arguments: [TemplateExpression],
        where decides: (TemplateValue) -> Bool
    ) throws(TemplateError) -> TemplateValue {
        var value = TemplateValue.bool(false)
        for argument in arguments {
            value = try evaluate(argument)
            if decides(value) { return value }
        }
        return value
    }

    private func formatted(
        _ pieces: [TemplateFormat.Piece],
        _ arguments: [TemplateExpression]
    ) throws(TemplateError) -> String {
        var text = ""
        var rest = arguments[...]
        for piece in pieces {
            if case .text(let literal) = piece {
                text += try bounded(literal, after: text.utf8.count)
            } else if let argument = rest.popFirst() {
                let value = try bounded(evaluate(argument).printed)
                text += try bounded(piece == .quoted ? TemplateFormat.quoted(value) : value, after: text.utf8.count)
            }
        }
        return text
    }

    private func bounded(_ text: String, after count: Int = 0) throws(TemplateError) -> String {
        guard text.utf8.count <= Template.bytesMax - count else { throw .resultTooLarge(bytesMax: Template.bytesMax) }
        return text
    }
}
