/// The parameters of a question to a log, by name.
public struct LogParameters: Sendable {
    private let values: [String: String]

    /// Takes what was received.
    public init(_ values: [String: String]) {
        self.values = values
    }

    /// The parameter as it came; nil when it is missing.
    public subscript(name: String) -> String? { values[name] }

    /// A number in decimal. Throws `.badParameter`.
    public func number(_ name: String) throws(LogReadError) -> UInt64 {
        guard let text = values[name], !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(text), number <= 1 << 62
        else { throw .badParameter(name, rule: "must be a whole number") }
        return number
    }
}
