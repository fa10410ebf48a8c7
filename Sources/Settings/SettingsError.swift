/// What is wrong with a settings text: always with a line, a place and a rule, for somebody with an editor open.
public enum SettingsError: Error, Equatable, Sendable {
    /// The text isn't YAML.
    case syntax(line: Int, column: Int, problem: String)
    /// A key stands twice in one mapping: first in this line, and again in that one where it could be found.
    case duplicateKey(path: String, line: Int, again: Int?)
    /// A key that nothing reads; `nearest` is the known key that looks most like it.
    case unknownKey(path: String, line: Int, nearest: String?)
    /// A key that must be there isn't.
    case missing(path: String, line: Int)
    /// The value is of another kind than this.
    case wrongKind(path: String, line: Int, expected: String)
    /// The value breaks this rule.
    case invalid(path: String, line: Int, rule: String)
    /// The text unfolds to more nodes than allowed; aliases can make a short text very long.
    case tooLarge(nodesMax: Int)
}

extension SettingsError: CustomStringConvertible {
    /// Line, place, rule.
    public var description: String {
        switch self {
        case .syntax(let line, let column, let problem): "line \(line), column \(column): \(problem)"
        case .duplicateKey(let path, let line, let again):
            "line \(line): \(path): this key stands twice" + (again.map { ", again in line \($0)" } ?? "")
        case .unknownKey(let path, let line, let nearest):
            "line \(line): \(path): unknown key" + (nearest.map { ", did you mean '\($0)'?" } ?? "")
        case .missing(let path, let line): "line \(line): \(path): this key is missing"
        case .wrongKind(let path, let line, let expected): "line \(line): \(path): must be \(expected)"
        case .invalid(let path, let line, let rule): "line \(line): \(path): \(rule)"
        case .tooLarge(let nodesMax): "the text unfolds to more than \(nodesMax) values"
        }
    }
}
