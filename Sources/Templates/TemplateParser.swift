/// Turns tokens into nodes, by recursive descent that goes no deeper than ``Template/levelsMax`` (as in Go: blocks are
/// made of actions, actions of pipelines, pipelines of commands, commands of operands).
struct TemplateParser {
    /// An expression and what is known of it.
    private struct Typed {
        let expression: TemplateExpression
        let kinds: TemplateKinds
        /// The calls inside one another.
        let levels: Int
        let token: TemplateToken
    }

    private var tokens: ArraySlice<TemplateToken>
    private let last: TemplateToken
    private var variables: [(name: String, slot: Int, kinds: TemplateKinds)] = []
    private var dotKinds = TemplateKinds.values
    private var blocks = 0
    private var parentheses = 0
    /// How many variables a rendering needs room for.
    private(set) var variablesCount = 0

    init(_ tokens: [TemplateToken]) {
        self.tokens = tokens[...]
        last = tokens.last ?? TemplateToken(kind: .end, line: 1, column: 1)
    }

    mutating func template() throws(TemplateError) -> [TemplateNode] {
        let (nodes, end) = try body()
        guard end.kind == .end else { throw end.notUnderstood("\(end.description) without a block to end") }
        return nodes
    }

    // MARK: Blocks

    /// Nodes up to `{{else`, `{{end` or the end, and that word.
    private mutating func body() throws(TemplateError) -> ([TemplateNode], TemplateToken) {
        var nodes: [TemplateNode] = []
        while true {
            let token = next()
            switch token.kind {
            case .text(let text): nodes.append(.text(text))
            case .open:
                skipSpace()
                switch peek.kind {
                case .word("end"), .word("else"): return (nodes, next())
                case .word("if"), .word("with"): nodes.append(try block(next()))
                default: nodes.append(try action(token))
                }
            default: return (nodes, token)
            }
        }
    }

    private mutating func action(_ open: TemplateToken) throws(TemplateError) -> TemplateNode {
        let (slot, value) = try pipeline(open)
        try close()
        return slot.map { .declare($0, value.expression) } ?? .print(value.expression)
    }

    private mutating func block(_ word: TemplateToken) throws(TemplateError) -> TemplateNode {
        blocks += 1
        guard blocks <= Template.levelsMax else { throw tooDeep(word) }
        let outside = (variables.count, dotKinds)
        defer {
            blocks -= 1
            variables.removeSubrange(outside.0...)
            dotKinds = outside.1
        }
        guard word.kind == .word("if") else { return try withBlock(word) }

        var branches: [(declares: Int?, condition: TemplateExpression, body: [TemplateNode])] = []
        while true {
            let (slot, condition) = try pipeline(word)
            try close()
            let (nodes, end) = try scope()
            branches.append((slot, condition.expression, nodes))
            guard try isElse(end, of: word) else { return .when(branches, otherwise: []) }
            skipSpace()
            if peek.kind == .word("if") {
                _ = next()
                continue
            }
            return .when(branches, otherwise: try otherwise(of: word))
        }
    }

    private mutating func withBlock(_ word: TemplateToken) throws(TemplateError) -> TemplateNode {
        let outside = dotKinds
        let (slot, value) = try pipeline(word)
        try close()
        dotKinds = value.kinds
        let (nodes, end) = try scope()
        dotKinds = outside
        let others = try isElse(end, of: word) ? try otherwise(of: word) : []
        return .with(declares: slot, value.expression, nodes, otherwise: others)
    }

    /// The last `{{else}}` up to `{{end}}`.
    private mutating func otherwise(of word: TemplateToken) throws(TemplateError) -> [TemplateNode] {
        try close()
        let (nodes, end) = try scope()
        if try isElse(end, of: word) { throw end.notUnderstood("a second 'else'") }
        return nodes
    }

    /// A body; the variables declared in it end with it.
    private mutating func scope() throws(TemplateError) -> ([TemplateNode], TemplateToken) {
        let outside = variables.count
        let (nodes, end) = try body()
        variables.removeSubrange(outside...)
        return (nodes, end)
    }

    /// Whether a body ended with `else`; `{{end}}` is read to its end.
    private mutating func isElse(_ token: TemplateToken, of word: TemplateToken) throws(TemplateError) -> Bool {
        if token.kind == .word("else") { return true }
        guard token.kind == .word("end") else { throw word.notUnderstood("\(word.description) without '{{end}}'") }
        try close()
        return false
    }

    // MARK: Pipelines

    /// `X | F | G`, perhaps with `$x :=` before it.
    private mutating func pipeline(_ place: TemplateToken) throws(TemplateError) -> (slot: Int?, value: Typed) {
        skipSpace()
        var declared: String?
        if case .variable(let name) = peek.kind {
            let before = tokens
            _ = next()
            skipSpace()
            if peek.kind == .declare {
                let variable = before.first ?? last
                guard !name.isEmpty else { throw variable.notUnderstood("'$' alone can't be given a value") }
                _ = next()
                skipSpace()
                declared = name
            } else {
                tokens = before
            }
        }
        let value = try stages(place)
        guard !value.kinds.contains(.values) else {
            throw value.token.notUnderstood("\(value.token.description) is all values together: name one, as in .name")
        }
        guard let declared else { return (nil, value) }
        let slot = variablesCount
        variablesCount += 1
        variables.append((declared, slot, value.kinds))
        return (slot, value)
    }

    private mutating func stages(_ place: TemplateToken) throws(TemplateError) -> Typed {
        var value: Typed?
        while true {
            skipSpace()
            value = try command(piped: value, place)
            guard peek.kind == .pipe else { return value ?? constant(.text(""), .text, place) }
            _ = next()
        }
    }

    /// Operands with white space between them: one value, or a function and its arguments.
    private mutating func command(piped: Typed?, _ place: TemplateToken) throws(TemplateError) -> Typed {
        let first = peek
        switch first.kind {
        case .close, .pipe, .rightParenthesis, .end:
            throw first.notUnderstood("a value is missing before \(first.description)")
        default: break
        }
        guard case .word(let function) = first.kind else {
            guard piped == nil else { throw first.notUnderstood("\(first.description) after '|' is no function") }
            let value = try operand()
            skipSpace()
            guard endsCommand(peek) else {
                throw first.notUnderstood("\(first.description) is no function and takes no arguments")
            }
            return value
        }
        _ = next()
        var arguments: [Typed] = []
        while !endsCommand(peek) {
            guard peek.kind == .space else { throw peek.notUnderstood("unexpected \(peek.description)") }
            skipSpace()
            if !endsCommand(peek) { arguments.append(try operand()) }
        }
        if let piped { arguments.append(piped) }
        return try call(function, arguments, first)
    }

    private func endsCommand(_ token: TemplateToken) -> Bool {
        switch token.kind {
        case .close, .pipe, .rightParenthesis, .end: true
        default: false
        }
    }

    private mutating func operand() throws(TemplateError) -> Typed {
        let token = next()
        let value: Typed
        switch token.kind {
        case .string(let text): value = constant(.text(text), .text, token)
        case .integer(let number): value = constant(.integer(number), .integer, token)
        case .bool(let bool): value = constant(.bool(bool), .bool, token)
        case .dot: value = Typed(expression: .dot, kinds: dotKinds, levels: 0, token: token)
        case .field(let name):
            guard dotKinds == .values else {
                throw token.notUnderstood("inside 'with' write $.\(name) for the value \(name)")
            }
            value = Typed(expression: .field(name), kinds: .text, levels: 0, token: token)
        case .variable(""):
            if case .field(let name) = peek.kind {
                _ = next()
                value = Typed(expression: .field(name), kinds: .text, levels: 0, token: token)
            } else {
                value = Typed(expression: .dot, kinds: .values, levels: 0, token: token)
            }
        case .variable(let name):
            guard let variable = variables.last(where: { $0.name == name }) else {
                throw token.notUnderstood("undefined variable $\(name)")
            }
            value = Typed(expression: .variable(variable.slot), kinds: variable.kinds, levels: 0, token: token)
        case .leftParenthesis: value = try parenthesis(token)
        case .word(let name): throw token.notUnderstood("'\(name)' as an argument needs parentheses around it")
        default: throw token.notUnderstood("unexpected \(token.description)")
        }
        if case .field = peek.kind { throw peek.notUnderstood("values are texts and have no fields") }
        return value
    }

    private mutating func parenthesis(_ open: TemplateToken) throws(TemplateError) -> Typed {
        parentheses += 1
        guard parentheses <= Template.levelsMax else { throw tooDeep(open) }
        let value = try stages(open)
        guard next().kind == .rightParenthesis else { throw open.notUnderstood("'(' without ')'") }
        parentheses -= 1
        return value
    }

    // MARK: Functions

    private func call(_ name: String, _ arguments: [Typed], _ token: TemplateToken) throws(TemplateError) -> Typed {
        let levels = 1 + (arguments.map(\.levels).max() ?? 0)
        guard levels <= Template.levelsMax else { throw tooDeep(token) }
        func typed(_ expression: TemplateExpression, _ kinds: TemplateKinds) -> Typed {
            Typed(expression: expression, kinds: kinds, levels: levels, token: token)
        }
        switch name {
        case "index":
            guard arguments.count == 2, arguments[0].kinds == .values, arguments[1].kinds == .text else {
                throw token.notUnderstood("index needs the dot and a name, as in index . \"name\"")
            }
            return typed(.lookUp(arguments[1].expression), .text)
        case "printf":
            guard case .literal(.text(let format))? = arguments.first?.expression else {
                throw token.notUnderstood("printf needs a literal format")
            }
            switch TemplateFormat.pieces(of: format, arguments.dropFirst().map(\.kinds)) {
            case .failure(let problem): throw token.notUnderstood(problem.text)
            case .success(let pieces): return typed(.printf(pieces, arguments.dropFirst().map(\.expression)), .text)
            }
        default:
            guard let function = TemplateFunction(rawValue: name) else {
                throw token.notUnderstood("'\(name)' is not a function or keyword here")
            }
            guard function.arguments.contains(arguments.count) else {
                throw token.notUnderstood("\(name) can't take \(arguments.count) arguments")
            }
            guard let kinds = function.result(of: arguments.map(\.kinds)) else {
                throw token.notUnderstood("\(name) \(function.needs)")
            }
            return typed(.call(function, arguments.map(\.expression)), kinds)
        }
    }

    // MARK: Tokens

    private var peek: TemplateToken { tokens.first ?? last }

    private mutating func next() -> TemplateToken { tokens.popFirst() ?? last }

    private mutating func skipSpace() {
        while peek.kind == .space { _ = next() }
    }

    private mutating func close() throws(TemplateError) {
        skipSpace()
        let token = next()
        guard token.kind == .close else { throw token.notUnderstood("unexpected \(token.description)") }
    }

    private func constant(_ value: TemplateValue, _ kinds: TemplateKinds, _ token: TemplateToken) -> Typed {
        Typed(expression: .literal(value), kinds: kinds, levels: 0, token: token)
    }

    private func tooDeep(_ token: TemplateToken) -> TemplateError {
        token.notUnderstood("more than \(Template.levelsMax) levels inside one another")
    }
}
